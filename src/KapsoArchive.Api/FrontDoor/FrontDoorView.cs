using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>The content of the start page.</summary>
/// <param name="Now">When it was read.</param>
/// <param name="Latest">The newest committed run; null before the first.</param>
/// <param name="Archived">What the archive has; null if the index is not that of the newest run.</param>
/// <param name="Items">The newest runs and exports, newest first.</param>
/// <param name="HasNightly">Whether the nightly run is configured.</param>
/// <param name="StoreOrigin">The origin of a store that serves its files itself; null for a folder.</param>
internal sealed record FrontDoorView(Visitor Visitor, DateTimeOffset Now, Manifest? Latest, ArchiveTotals? Archived,
    IReadOnlyList<FrontDoorItem> Items, bool HasNightly, string? StoreOrigin, ExportForm Form)
{
    /// <summary>How long a nightly run may take before its snapshot counts as missing.</summary>
    private static readonly TimeSpan LongNight = TimeSpan.FromHours(2);

    /// <summary>26 hours: the age at which a snapshot is old without a schedule.</summary>
    private static readonly TimeSpan LongDay = TimeSpan.FromHours(26);

    /// <summary>When the nightly run is due; null if there is none.</summary>
    public NightlySchedule? Schedule { get; init; }

    /// <summary>Whether the newest snapshot should have been followed by another.</summary>
    public bool IsLate => Latest is { FinishedAt: var end } && (Schedule?.After(end) + LongNight ?? end + LongDay) < Now;

    /// <summary>The damage that verifications found, in a sentence; null without damage.</summary>
    public string? Damage { get; init; }

    /// <summary>Why the requested action failed; null if it did not fail or no action was requested.</summary>
    public string? Notice { get; init; }

    /// <summary>The newest run of the archive, if it ended and committed nothing.</summary>
    public FrontDoorItem? FailedRun => Items.FirstOrDefault(i => !i.IsExport) is { Badge.Tone: BadgeTone.Bad } newest ? newest : null;

    public bool IsBusy => Items.Any(i => i.IsUnderWay);
}
