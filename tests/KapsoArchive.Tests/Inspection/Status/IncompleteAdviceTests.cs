using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Inspection.Status;

/// <summary>The reasons are part of the format: manifests that were written years ago get the advice of today.</summary>
public sealed class IncompleteAdviceTests
{
    [Theory]
    [InlineData("failed", "not found", "Check the id")]
    [InlineData("gone", "Kapso no longer knows it", "Do nothing if it was deleted on purpose.")]
    [InlineData("failed", "Kapso answered 403: Forbidden.", "Ask the person who manages the key in Kapso")]
    [InlineData("failed", "Kapso answered 422: Odd.", "Ask Kapso: it refuses this conversation")]
    [InlineData("failed", "Kapso answered 503.", "Run again when Kapso answers.")]
    [InlineData("failed", null, "Run again when Kapso answers.")]
    [InlineData("incomplete", "3 of 4 archived messages are no longer listed, which is more than a fifth, so nothing was marked as removed. "
        + "If they were deleted: kapso-archive run --conversation c --accept-removals c", "If they were deleted, type the command above.")]
    [InlineData("incomplete", "the source lists nothing, and the archive has messages of it", "Check in Kapso")]
    [InlineData("incomplete", "the source cannot give the record at 7 of its listing", "Ask Kapso why these pages fail.")]
    [InlineData("incomplete", "9 requests for its pages failed, the last one for the records 0 to 99 (500)", "Ask Kapso why these pages fail.")]
    [InlineData("incomplete", "the source gives the same page again and again (page 2 with 100 a page)", "Ask Kapso: its answers are inconsistent.")]
    [InlineData("incomplete", "pages of the source lack records that it counts: 5 messages read of 6", "Ask Kapso: its answers are inconsistent.")]
    [InlineData("incomplete", "it changed during each of 5 readings", "Run again at a quieter time.")]
    public void Each_reason_in_a_manifest_has_its_advice(string outcome, string? reason, string advice) =>
        IncompleteAdvice.For(new ManifestIncomplete("c", outcome, reason, null, 0, 0, 0)).ShouldStartWith(advice);
}
