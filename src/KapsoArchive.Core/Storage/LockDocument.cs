namespace KapsoArchive.Core.Storage;

/// <summary>The content of a lock's file or blob.</summary>
/// <param name="Holder">The holder.</param>
/// <param name="Claim">Identifies this holding, also among others of the same process; empty if the content is damaged.</param>
/// <param name="RenewedAt">When the holder last renewed the lock, by its own clock.</param>
internal sealed record LockDocument(LockHolder Holder, string Claim, DateTimeOffset RenewedAt)
{
    public static LockDocument Mine(string purpose, TimeProvider timeProvider)
    {
        LockHolder holder = LockHolder.Current(purpose, timeProvider);
        return new LockDocument(holder, Guid.NewGuid().ToString("N"), holder.Since);
    }

    /// <summary>Parses the document. If the content is damaged, only its write time is known.</summary>
    public static LockDocument Parse(ReadOnlySpan<byte> json, DateTimeOffset writtenAt)
    {
        try
        {
            return JsonSerializer.Deserialize(json, LockJson.Default.LockDocument) is { Holder: not null, Claim: not null } found
                ? found with { Holder = found.Holder.Printable() }
                : Damaged(writtenAt);
        }
        catch (JsonException)
        {
            return Damaged(writtenAt);
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LockJson.Default.LockDocument);

    private static LockDocument Damaged(DateTimeOffset writtenAt) => new(LockHolder.Unknown, "", writtenAt);
}

/// <summary>The JSON format of a lock's holder.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LockDocument))]
internal sealed partial class LockJson : JsonSerializerContext;
