using KapsoArchive.Core.Lake;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>All that the front door shows.</summary>
/// <param name="Now">When it was looked.</param>
/// <param name="Latest">The newest committed run; null before the first.</param>
/// <param name="Items">The newest runs and exports, newest first.</param>
/// <param name="HasNightly">Whether it is set what the nightly run reads.</param>
/// <param name="StoreOrigin">The origin of a store that serves its files itself; null for a folder.</param>
internal sealed record FrontDoorView(Visitor Visitor, DateTimeOffset Now, Manifest? Latest, IReadOnlyList<FrontDoorItem> Items, bool HasNightly, string? StoreOrigin, ExportForm Form)
{
    /// <summary>Why what was asked for was not done; null where nothing was, or where it was.</summary>
    public string? Notice { get; init; }

    public bool IsBusy => Items.Any(i => i.IsUnderWay);
}
