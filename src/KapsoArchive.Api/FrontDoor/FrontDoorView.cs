using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>The content of the start page.</summary>
/// <param name="Now">When it was read.</param>
/// <param name="Latest">The newest committed run; null before the first.</param>
/// <param name="Archived">All archived conversations; null before the first run, and if the index is damaged.</param>
/// <param name="Items">The newest runs and exports, newest first.</param>
/// <param name="HasNightly">Whether the nightly run is configured.</param>
/// <param name="StoreOrigin">The origin of a store that serves its files itself; null for a folder.</param>
internal sealed record FrontDoorView(Visitor Visitor, DateTimeOffset Now, Manifest? Latest, ConversationDirectory? Archived,
    IReadOnlyList<FrontDoorItem> Items, bool HasNightly, string? StoreOrigin, ExportForm Form)
{
    /// <summary>Why the requested action failed; null if it did not fail or no action was requested.</summary>
    public string? Notice { get; init; }

    /// <summary>The newest run of the archive, if it ended and committed nothing.</summary>
    public FrontDoorItem? FailedRun => Items.FirstOrDefault(i => !i.IsExport) is { Badge.Tone: BadgeTone.Bad } newest ? newest : null;

    public bool IsBusy => Items.Any(i => i.IsUnderWay);
}
