namespace KapsoArchive.Core.Archive;

/// <summary>Where the archive is written: <c>place.json</c> of the state area. A copy made by other means brings the document along, so
/// its first run notices that it is elsewhere.</summary>
/// <param name="Location">The store's location, without secrets.</param>
/// <param name="Host">The machine that recorded it; null for blob storage. For people only: names of containers change every day.</param>
/// <param name="Continues">The copy that the archive goes on from, until a run has reported it; null for none.</param>
internal sealed record ArchivePlace(string Location, string? Host, DateTimeOffset RecordedAt, ContinuedCopy? Continues = null)
{
    public static readonly StorePath Path = new(StoreArea.State, "place.json");

    public static ArchivePlace Of(IStore store, DateTimeOffset now) =>
        new(store.Location, StoreOpener.IsUrl(store.Location) ? null : Environment.MachineName, now);

    /// <summary>What the next run has to report about the place.</summary>
    /// <returns>The warning, in sentences, or null; and whether the run has to record the place after its commit.</returns>
    public static async Task<(string? Warning, bool IsNew)> CheckAsync(
        IStore store, string? newestRunId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(store, cancellationToken) is not { } place)
            return (null, true);
        if (place.Continues is { } copy)
        {
            return (string.Create(CultureInfo.InvariantCulture,
                $"The archive goes on from a copy of {copy.Of} that ends with run {copy.RunId}, of {copy.FinishedAt:yyyy-MM-dd HH:mm} UTC. "
                + $"What runs wrote after that is not here: what Kapso still lists of it is read again."), true);
        }

        if (AreSame(place.Location, store.Location))
            return (null, false);
        string host = place.Host is null ? "" : $" (machine {place.Host})";
        return ($"The archive was last written at {place.Location}{host}, by run {newestRunId ?? "none"}, and now at {store.Location}. "
            + "If both go on, they part: see that only one does. After a move this is reported once.", true);
    }

    /// <returns>What is wrong with the document; null if it is sound or missing.</returns>
    public static async Task<string?> FindDamageAsync(IStore store, CancellationToken cancellationToken) =>
        await store.ReadAsync(Path, cancellationToken) is not null && await ReadAsync(store, cancellationToken) is null
            ? "does not say where the archive is written"
            : null;

    /// <summary>Whether two locations are one: the scheme and links to the folder do not matter.</summary>
    public static bool AreSame(string first, string second) => Key(first) == Key(second);

    public Task WriteAsync(IStore store, CancellationToken cancellationToken) =>
        StoreDocuments.OverwriteAsync(
            store, Path, JsonSerializer.SerializeToUtf8Bytes(this, PlaceJson.Default.ArchivePlace), cancellationToken);

    /// <returns>Null if it is missing or damaged: the next run records it anew.</returns>
    private static async Task<ArchivePlace?> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(Path, cancellationToken) is { } document
                && JsonSerializer.Deserialize(document.Content.Span, PlaceJson.Default.ArchivePlace) is { Location: not null } place
                    ? place
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What two locations that are one have in common.</summary>
    public static string Key(string location)
    {
        if (StoreOpener.IsUrl(location))
            return location[location.IndexOf("://", StringComparison.Ordinal)..].TrimEnd('/');
        string path = System.IO.Path.TrimEndingDirectorySeparator(location);
        return Directory.Exists(path) && Directory.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path;
    }
}

/// <param name="Of">Location of the archive that was copied.</param>
/// <param name="RunId">The newest run of the copy.</param>
/// <param name="FinishedAt">When that run ended.</param>
/// <param name="TakenOverAt">When <c>restore</c> took the copy over.</param>
internal sealed record ContinuedCopy(string Of, string RunId, DateTimeOffset FinishedAt, DateTimeOffset TakenOverAt);
