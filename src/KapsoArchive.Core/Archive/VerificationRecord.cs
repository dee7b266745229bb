namespace KapsoArchive.Core.Archive;

/// <summary>What verifications found, and which part is next: <c>verification.json</c> of the state area. It only describes, so one that
/// cannot be read counts as missing.</summary>
/// <param name="CheckedAt">When the last verification ended.</param>
/// <param name="NextPart">The part that the next verification of a part takes; starts at 0.</param>
/// <param name="Damages">Damage of the data area that no later verification has found to be mended, the newest first; at most
/// <see cref="MostDamages"/>.</param>
/// <param name="Total">How many there are.</param>
internal sealed record VerificationRecord(DateTimeOffset CheckedAt, int NextPart, IReadOnlyList<KnownDamage> Damages, int Total)
{
    public const int MostDamages = 100;

    public static readonly StorePath Path = new(StoreArea.State, "verification.json");

    /// <summary>In one sentence; null without damage.</summary>
    [JsonIgnore]
    public string? Sentence => Damages.Count == 0
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Damages[0].Path} {Damages[0].Problem} (found {Damages[0].FoundAt.UtcDateTime:yyyy-MM-dd})"
                + $"{(Total > 1 ? $", and {Quantity.Of(Total - 1, "other finding")}" : "")}. See `kapso-archive verify`.");

    /// <returns>Null before the first record, or if the document cannot be read.</returns>
    public static async Task<VerificationRecord?> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(Path, cancellationToken) is { } document
                && JsonSerializer.Deserialize(document.Content.Span, VerificationRecordJson.Default.VerificationRecord) is
                { Damages: not null, NextPart: >= 0 } record
                    ? record
                    : null;
        }
        catch (Exception e) when (e is JsonException or RefusedFileException)
        {
            return null;
        }
    }

    public Task SaveAsync(IStore store, CancellationToken cancellationToken) => StoreDocuments.OverwriteAsync(
        store, Path, JsonSerializer.SerializeToUtf8Bytes(this, VerificationRecordJson.Default.VerificationRecord), cancellationToken);
}

/// <param name="Path">The file's name in its area.</param>
/// <param name="Problem">The predicate of a sentence about the file.</param>
internal sealed record KnownDamage(string Path, string Problem, DateTimeOffset FoundAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(VerificationRecord))]
internal sealed partial class VerificationRecordJson : JsonSerializerContext;
