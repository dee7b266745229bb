namespace KapsoArchive.Core.Dispatch;

/// <summary>A nightly run that could not begin because the archive was in use: <c>nightly.json</c> of the state area. There is one,
/// however many nights wait.</summary>
/// <param name="Trigger">What requested it: <c>timer</c> or <c>http</c>.</param>
/// <param name="NotBefore">When to try again.</param>
internal sealed record WaitingNight(string Trigger, DateTimeOffset NotBefore)
{
    public static readonly StorePath Path = new(StoreArea.State, "nightly.json");

    /// <summary>Null if no night waits. A damaged document is a night that the timer requested.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static async Task<WaitingNight?> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(Path, cancellationToken) is not { } document)
            return null;
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, WaitingNightJson.Default.WaitingNight) is { Trigger: not null } night
                ? night
                : new WaitingNight("timer", default);
        }
        catch (JsonException)
        {
            return new WaitingNight("timer", default);
        }
    }

    /// <exception cref="StoreException">The store cannot be written.</exception>
    public Task SaveAsync(IStore store, CancellationToken cancellationToken) => StoreDocuments.OverwriteAsync(
        store, Path, JsonSerializer.SerializeToUtf8Bytes(this, WaitingNightJson.Default.WaitingNight), cancellationToken);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WaitingNight))]
internal sealed partial class WaitingNightJson : JsonSerializerContext;
