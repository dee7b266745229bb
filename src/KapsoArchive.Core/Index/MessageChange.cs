namespace KapsoArchive.Core.Index;

/// <summary>One written row. Packed, because millions of them wait for the end of a run, and alignment would pad each of the 25 bytes to
/// 32.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct MessageChange
{
    private readonly byte _change;

    public MessageChange(UInt128 key, ulong fingerprint, Change change) => (Key, Fingerprint, _change) = (key, fingerprint, (byte)change);

    public UInt128 Key { get; }

    public ulong Fingerprint { get; }

    public Change Change => (Change)_change;

    /// <summary>Writes the 25 bytes that the journal stores.</summary>
    public void Write(Span<byte> entry)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(entry, Key);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], Fingerprint);
        entry[24] = _change;
    }

    public static MessageChange Read(ReadOnlySpan<byte> entry) =>
        new(BinaryPrimitives.ReadUInt128LittleEndian(entry), BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]), (Change)entry[24]);
}
