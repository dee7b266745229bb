namespace KapsoArchive.Core.Archive;

/// <summary>Marks an archive as a copy that <c>backup</c> made: <c>copy.json</c> of the state area. Runs are refused there until
/// <c>restore</c> takes the copy over.</summary>
/// <param name="Of">Location of the archive that was copied.</param>
/// <param name="RunId">The run up to which the copy is whole; null while the first backup is under way.</param>
/// <param name="MadeAt">When the backup of that run ended; otherwise when the first backup began.</param>
/// <param name="IsUnderWay">Whether a backup is under way or was broken off.</param>
internal sealed record CopyMark(string Of, string? RunId, DateTimeOffset MadeAt, bool IsUnderWay)
{
    public static readonly StorePath Path = new(StoreArea.State, "copy.json");

    /// <returns>Null if the archive is not a copy. A damaged mark is still a mark.</returns>
    public static async Task<CopyMark?> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(Path, cancellationToken) is not { } document)
            return null;
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, PlaceJson.Default.CopyMark) is { Of: not null } mark ? mark : Unknown;
        }
        catch (JsonException)
        {
            return Unknown;
        }
    }

    /// <returns>What is wrong with the document; null if it is sound or missing.</returns>
    public static async Task<string?> FindDamageAsync(IStore store, CancellationToken cancellationToken) =>
        await ReadAsync(store, cancellationToken) == Unknown ? "does not say of what archive this is a copy" : null;

    private static CopyMark Unknown { get; } = new("an archive that its damaged copy.json does not name", null, default, IsUnderWay: true);

    /// <summary>Refuses to write to a copy, which would then no longer be one.</summary>
    /// <exception cref="SettingException">The archive is a copy.</exception>
    public static async Task RefuseAsync(IStore store, CancellationToken cancellationToken)
    {
        if (await ReadAsync(store, cancellationToken) is { } mark)
        {
            throw new SettingException(
                $"{store.Location} is a copy of {mark.Of}, and a run would part the two. If the original is lost, take the copy over: "
                    + $"`kapso-archive restore --lake {store.Location}`. Otherwise run at the original.");
        }
    }

    public Task WriteAsync(IStore store, CancellationToken cancellationToken) =>
        StoreDocuments.OverwriteAsync(
            store, Path, JsonSerializer.SerializeToUtf8Bytes(this, PlaceJson.Default.CopyMark), cancellationToken);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CopyMark))]
[JsonSerializable(typeof(ArchivePlace))]
internal sealed partial class PlaceJson : JsonSerializerContext;
