using System.Text.Json;
using System.Text.Json.Serialization;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Journal.Claims;

/// <summary>One claim: a document that is created once and never replaced.</summary>
/// <param name="Number">Its number, which its name has too.</param>
/// <param name="RunId">The run that it is for.</param>
/// <param name="Predecessor">The newest committed run when the run began; null for the first run, and for an export.</param>
/// <param name="Phase">How far the run is: one of <see cref="ClaimPhase"/>.</param>
/// <param name="Holder">Who claims.</param>
/// <param name="ClaimedAt">When, by the clock of that machine.</param>
/// <param name="Token">Makes the document unlike any other: a creation whose answer was lost is recognised by it.</param>
internal sealed record ClaimDocument(
    long Number, string RunId, string? Predecessor, string Phase, LockHolder Holder, DateTimeOffset ClaimedAt, string Token)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ClaimJson.Default.ClaimDocument);

    /// <returns>Null if it is damaged: then nothing is known of it but its number.</returns>
    public static ClaimDocument? TryParse(long number, ReadOnlySpan<byte> json)
    {
        try
        {
            ClaimDocument? claim = JsonSerializer.Deserialize(json, ClaimJson.Default.ClaimDocument);
            return claim is { RunId: not null, Holder: not null, Token: not null, Phase: ClaimPhase.Reading or ClaimPhase.Publishing or ClaimPhase.Done }
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
