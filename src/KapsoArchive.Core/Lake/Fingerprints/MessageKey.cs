namespace KapsoArchive.Core.Lake.Fingerprints;

/// <summary>Sixteen bytes that represent a message's id. A UUID in lower case, the form of Kapso's ids, is stored as is and can be
/// restored. Any other text is stored as its XxHash128.</summary>
public static class MessageKey
{
    private const int UuidLength = 36;

    public static UInt128 Of(ReadOnlySpan<byte> id) => Of(id, out _);

    /// <param name="isUuid">Whether <see cref="ToUuid"/> restores this id.</param>
    public static UInt128 Of(ReadOnlySpan<byte> id, out bool isUuid) =>
        (isUuid = TryReadUuid(id, out UInt128 key)) ? key : XxHash128.HashToUInt128(id);

    /// <summary>Whether <see cref="ToUuid"/> restores this id.</summary>
    public static bool IsUuid(ReadOnlySpan<byte> id) => TryReadUuid(id, out _);

    public static string ToUuid(UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return new Guid(bytes, bigEndian: true).ToString("D", CultureInfo.InvariantCulture);
    }

    private static bool TryReadUuid(ReadOnlySpan<byte> id, out UInt128 key)
    {
        key = default;
        // With 36 characters and hyphens at these positions, only the hyphenated form is possible.
        if (id.Length != UuidLength || id[8] != '-' || id.ContainsAnyInRange((byte)'A', (byte)'Z')
            || !Guid.TryParse(id, CultureInfo.InvariantCulture, out Guid uuid))
            return false;
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        key = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }
}
