namespace KapsoArchive.Core.Index;

/// <summary>The messages of one conversation that are archived and, as far as the archive knows, still listed. 24 bytes each, ordered by
/// key.</summary>
internal sealed class KnownMessages
{
    /// <summary>Size of one message in bytes: 16 for its key, 8 for its fingerprint.</summary>
    public const int EntrySize = 24;

    private readonly ReadOnlyMemory<byte> _entries;

    /// <param name="entries">Keys (big-endian) with fingerprints (little-endian), ascending by key.</param>
    /// <param name="newestCreatedAt">The latest <c>created_at</c> ever archived, in microseconds; null if no message had one.</param>
    /// <param name="rejected">Number of rejected records in the listing.</param>
    public KnownMessages(ReadOnlyMemory<byte> entries, long? newestCreatedAt, int rejected)
    {
        _entries = entries;
        NewestCreatedAt = newestCreatedAt;
        Rejected = rejected;
    }

    public static KnownMessages None { get; } = new(ReadOnlyMemory<byte>.Empty, null, 0);

    public int Count => _entries.Length / EntrySize;

    public long? NewestCreatedAt { get; }

    public int Rejected { get; }

    public ReadOnlyMemory<byte> Entries => _entries;

    public UInt128 KeyAt(int position) => BinaryPrimitives.ReadUInt128BigEndian(_entries.Span[(position * EntrySize)..]);

    public ulong FingerprintAt(int position) => BinaryPrimitives.ReadUInt64LittleEndian(_entries.Span[((position * EntrySize) + 16)..]);

    public bool TryGet(UInt128 key, out ulong fingerprint)
    {
        int position = MemoryMarshal.Cast<byte, LeafEntry>(_entries.Span).BinarySearch(new LeafEntry(key, fingerprint: 0));
        fingerprint = position < 0 ? 0 : FingerprintAt(position);
        return position >= 0;
    }

    public static void Write(Span<byte> entry, UInt128 key, ulong fingerprint)
    {
        BinaryPrimitives.WriteUInt128BigEndian(entry, key);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], fingerprint);
    }
}
