using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Index;

namespace KapsoArchive.Core.Runs.Journal;

/// <summary>A conversation that a run has finished with: its row of the conversations dataset, and what the index has to know besides.</summary>
/// <param name="IsUnknownToSource">Whether the source said that there is no such conversation.</param>
/// <param name="RejectedDigest">See <see cref="Index.RejectedDigest"/>.</param>
/// <param name="IsNewlyGone">Whether this run is the first to find it gone.</param>
/// <param name="Due">Whether it was read whole because its turn had come.</param>
internal sealed record JournalVisit(ConversationRow Row, bool IsUnknownToSource, ulong RejectedDigest, bool IsNewlyGone, bool Due)
{
    public ConversationVisit ToVisit() => ConversationVisit.Of(Row, IsUnknownToSource, RejectedDigest);
}
