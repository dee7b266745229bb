using System.Buffers.Binary;

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

    /// <summary>Builds an instance from unsorted messages; for tests and for folding.</summary>
    public static KnownMessages Of(IEnumerable<KeyValuePair<UInt128, ulong>> messages, long? newestCreatedAt, int rejected = 0)
    {
        KeyValuePair<UInt128, ulong>[] sorted = [.. messages.OrderBy(m => m.Key)];
        byte[] entries = new byte[sorted.Length * EntrySize];
        for (int i = 0; i < sorted.Length; i++)
            Write(entries.AsSpan(i * EntrySize), sorted[i].Key, sorted[i].Value);
        return new KnownMessages(entries, newestCreatedAt, rejected);
    }

    public UInt128 KeyAt(int position) => BinaryPrimitives.ReadUInt128BigEndian(_entries.Span[(position * EntrySize)..]);

    public ulong FingerprintAt(int position) => BinaryPrimitives.ReadUInt64LittleEndian(_entries.Span[((position * EntrySize) + 16)..]);

    public bool TryGet(UInt128 key, out ulong fingerprint)
    {
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            int order = KeyAt(middle).CompareTo(key);
            if (order == 0)
            {
                fingerprint = FingerprintAt(middle);
                return true;
            }

            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        fingerprint = 0;
        return false;
    }

    public static void Write(Span<byte> entry, UInt128 key, ulong fingerprint)
    {
        BinaryPrimitives.WriteUInt128BigEndian(entry, key);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], fingerprint);
    }
}
