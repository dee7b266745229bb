namespace KapsoArchive.Core.Index;

/// <summary>The 24 bytes of a message in a leaf, so that the entries of a leaf can be sorted in place.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LeafEntry : IComparable<LeafEntry>
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly ulong _fingerprint;

    public LeafEntry(UInt128 key, ulong fingerprint)
    {
        Span<byte> bytes = stackalloc byte[KnownMessages.EntrySize];
        KnownMessages.Write(bytes, key, fingerprint);
        this = MemoryMarshal.Read<LeafEntry>(bytes);
    }

    public UInt128 Key => new(BigEndian(_high), BigEndian(_low));

    /// <summary>Compares by key.</summary>
    public int CompareTo(LeafEntry other)
    {
        int high = BigEndian(_high).CompareTo(BigEndian(other._high));
        return high != 0 ? high : BigEndian(_low).CompareTo(BigEndian(other._low));
    }

    public static bool operator <(LeafEntry left, LeafEntry right) => left.CompareTo(right) < 0;

    public static bool operator >(LeafEntry left, LeafEntry right) => left.CompareTo(right) > 0;

    public static bool operator <=(LeafEntry left, LeafEntry right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LeafEntry left, LeafEntry right) => left.CompareTo(right) >= 0;

    private static ulong BigEndian(ulong value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
