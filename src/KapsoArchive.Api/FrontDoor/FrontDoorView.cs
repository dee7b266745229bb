namespace KapsoArchive.Api.FrontDoor;

/// <summary>The content of the start page.</summary>
/// <param name="Now">When it was read.</param>
/// <param name="Latest">The newest committed run; null before the first.</param>
/// <param name="Items">The newest runs and exports, newest first.</param>
/// <param name="HasNightly">Whether the nightly run is configured.</param>
/// <param name="StoreOrigin">The origin of a store that serves its files itself; null for a folder.</param>
internal sealed record FrontDoorView(Visitor Visitor, DateTimeOffset Now, Manifest? Latest, IReadOnlyList<FrontDoorItem> Items,
    bool HasNightly, string? StoreOrigin, ExportForm Form)
{
    /// <summary>Why the requested action failed; null if it did not fail or no action was requested.</summary>
    public string? Notice { get; init; }

    public bool IsBusy => Items.Any(i => i.IsUnderWay);
}
