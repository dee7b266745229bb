namespace KapsoArchive.Core.Journal.Claims;

/// <summary>One claim: a document that is created once and never replaced.</summary>
/// <param name="Number">Its number, which is also in its name.</param>
/// <param name="RunId">The claimed run.</param>
/// <param name="Predecessor">The newest committed run when the run began; null for the first run, and for an export.</param>
/// <param name="Phase">Phase of the run: one of <see cref="ClaimPhase"/>.</param>
/// <param name="Holder">Who claims it.</param>
/// <param name="ClaimedAt">When, by the clock of that machine.</param>
/// <param name="Token">Unique to the document, so that a writer recognises its own document if the answer to the creation was lost.</param>
internal sealed record ClaimDocument(
    long Number, string RunId, string? Predecessor, string Phase, LockHolder Holder, DateTimeOffset ClaimedAt, string Token)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ClaimJson.Default.ClaimDocument);

    /// <returns>Null if it is damaged: then only its number is known.</returns>
    public static ClaimDocument? TryParse(long number, ReadOnlySpan<byte> json)
    {
        try
        {
            ClaimDocument? claim = JsonSerializer.Deserialize(json, ClaimJson.Default.ClaimDocument);
            return claim is
            {
                RunId: not null,
                Holder: not null,
                Token: not null,
                Phase: ClaimPhase.Reading or ClaimPhase.Publishing or ClaimPhase.Done,
            }
                && claim.Number == number ? claim : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClaimDocument))]
internal sealed partial class ClaimJson : JsonSerializerContext;
