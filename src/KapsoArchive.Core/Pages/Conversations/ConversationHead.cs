using KapsoArchive.Core.Text;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>What the pages of a conversation say of where they come from.</summary>
/// <param name="Folder">The folder of its pages.</param>
/// <param name="Outcome">How its reading ended: <c>complete</c>, <c>incomplete</c>, <c>gone</c> or <c>failed</c>.</param>
/// <param name="Reason">Why it is not complete.</param>
/// <param name="Source">Whose messages these are, in the words of the manifest.</param>
/// <param name="Period">What was asked for.</param>
/// <param name="Parts">The files that the messages were read from, each with its SHA-256.</param>
internal sealed record ConversationHead(
    string Id,
    string Folder,
    string? ContactName,
    string? PhoneNumber,
    string Outcome,
    string? Reason,
    string Source,
    string Period,
    string ExportId,
    DateTimeOffset ExportedAt,
    IReadOnlyList<(string Path, string Sha256)> Parts)
{
    /// <summary>What people would call it.</summary>
    public string Name => VisibleText.Line(new[] { ContactName, PhoneNumber }.FirstOrDefault(n => !string.IsNullOrWhiteSpace(n)) ?? Id);

    public bool IsComplete => Outcome == "complete";
}
