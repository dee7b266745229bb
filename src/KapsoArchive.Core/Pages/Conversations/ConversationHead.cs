namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>What a conversation's documents state about their origin.</summary>
/// <param name="Folder">The folder of its documents.</param>
/// <param name="Outcome">The outcome of reading it: <c>complete</c>, <c>incomplete</c>, <c>gone</c> or <c>failed</c>.</param>
/// <param name="Reason">Why it is incomplete.</param>
/// <param name="Source">The owner of the messages, in the manifest's words.</param>
/// <param name="Period">The requested period.</param>
/// <param name="Parts">The files that the messages come from, each with its SHA-256.</param>
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
    /// <summary>The zone of the times in the documents.</summary>
    public ReadingZone Zone { get; init; } = ReadingZone.Utc;

    /// <summary>A name for people: the first of name, number and id that can be seen.</summary>
    public string Name => VisibleText.Line(new[] { ContactName, PhoneNumber }.FirstOrDefault(n => !VisibleText.IsBlank(n)) ?? Id);

    public bool IsComplete => Outcome == "complete";

    /// <summary>As of when the export speaks, and from where its messages come; null if it has none.</summary>
    public string? Provenance { get; init; }
}
