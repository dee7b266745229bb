using System.Text.Json;

namespace KapsoArchive.Core.Storage;

/// <summary>What a lock's file or blob says.</summary>
/// <param name="Holder">Who holds it.</param>
/// <param name="Claim">Tells this holding from every other, also of the same process; empty where the content is damaged.</param>
/// <param name="RenewedAt">When the holder last showed that it lives, by its own clock.</param>
internal sealed record LockDocument(LockHolder Holder, string Claim, DateTimeOffset RenewedAt)
{
    public static LockDocument Mine(string purpose, TimeProvider timeProvider)
    {
        LockHolder holder = LockHolder.Current(purpose, timeProvider);
        return new LockDocument(holder, Guid.NewGuid().ToString("N"), holder.Since);
    }

    /// <summary>Reads it; where that fails, somebody holds the lock of whom nothing is known but when he wrote.</summary>
    public static LockDocument Parse(ReadOnlySpan<byte> json, DateTimeOffset writtenAt)
    {
        try
        {
            return JsonSerializer.Deserialize(json, LockJson.Default.LockDocument) is { Holder: not null, Claim: not null } found ? found with { Holder = found.Holder.Printable() } : Damaged(writtenAt);
        }
        catch (JsonException)
        {
            return Damaged(writtenAt);
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LockJson.Default.LockDocument);

    private static LockDocument Damaged(DateTimeOffset writtenAt) => new(LockHolder.Unknown, "", writtenAt);
}
