using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Journal;

/// <summary>What the index needs of the rows of one part, or of a piece of it, gathered while the part is written. Encoded as blocks
/// ordered by conversation, one or more per conversation. Each block follows its length and precedes its checksum; an empty block and the
/// number of blocks end the document.</summary>
internal sealed class PartEntries
{
    /// <summary>Size of one message in bytes: key, fingerprint, and change.</summary>
    public const int EntrySize = 25;

    /// <summary>Maximum number of messages in a block. A giant conversation is then read piece by piece, in arrays too small for the
    /// large object heap.</summary>
    private const int BlockLength = 1 << 11;

    /// <summary>Maximum size of a block in bytes besides its id, messages and texts.</summary>
    private const int BlockOverhead = 36;

    private readonly List<MessageChange[]> _chunks = [];
    private readonly List<Stretch> _stretches = [];
    private readonly Dictionary<UInt128, string> _texts = [];
    private readonly ArrayBufferWriter<byte> _ids = new();
    private Utf8Text _lastId;

    /// <summary>The first bytes: four letters and a version.</summary>
    public static ReadOnlySpan<byte> Header => "KAJE\u0002"u8;

    public int Count { get; private set; }

    /// <summary>Length in bytes of the ids that are not UUIDs, which are stored unchanged.</summary>
    public long TextLength { get; private set; }

    /// <summary>Where the blocks lie in the encoded document; empty before <see cref="ToBytes"/>.</summary>
    public List<(string ConversationId, int Start, int Length)> Places { get; } = [];

    public void Add(MessageRow row)
    {
        if (_stretches.Count == 0 || row.ConversationId != _lastId || _stretches[^1].Count == BlockLength)
        {
            _lastId = row.ConversationId;
            _stretches.Add(new Stretch(_ids.WrittenCount, _lastId.Span.Length, Count));
            _ids.Write(_lastId.Span);
        }

        Stretch stretch = _stretches[^1];
        if (Count % BlockLength == 0)
            _chunks.Add(new MessageChange[BlockLength]);
        _chunks[^1][Count++ % BlockLength] = new MessageChange(row.Key, row.Fingerprint, row.Change);
        stretch.Count++;
        if (row.Change != Change.Removed && row.CreatedAt is { } createdAt)
            stretch.NewestCreatedAt = Math.Max(stretch.NewestCreatedAt ?? createdAt, createdAt);
        _stretches[^1] = stretch;
        if (!row.KeyIsUuid && _texts.TryAdd(row.Key, row.Id.ToString()!))
            TextLength += row.Id.Span.Length;
    }

    public ReadOnlyMemory<byte> ToBytes()
    {
        int[] order = [.. Enumerable.Range(0, _stretches.Count)];
        order.AsSpan().Sort((a, b) => OrdinalUtf8.Compare(IdOf(a), IdOf(b)) is not 0 and var byId ? byId : a.CompareTo(b));

        // The maximum length, so that no bytes are copied.
        using var output = new MemoryStream(checked((int)(
            (Count * (long)EntrySize) + _ids.WrittenCount + (_stretches.Count * (long)BlockOverhead) + (_texts.Count * 21L)
            + TextLength + 64)));
        using var writer = new BinaryWriter(output, Encoding.UTF8);
        writer.Write(Header);
        int blocks = 0;
        for (int i = 0; i < order.Length;)
        {
            int first = i;
            int count = _stretches[order[i]].Count;
            while (++i < order.Length && IdOf(order[i]).SequenceEqual(IdOf(order[first]))
                && count + _stretches[order[i]].Count <= BlockLength)
                count += _stretches[order[i]].Count;
            int start = (int)output.Length;
            WriteBlock(writer, output, order.AsSpan(first, i - first), count);
            Places.Add((Encoding.UTF8.GetString(IdOf(order[first])), start, (int)output.Length - start));
            blocks++;
        }

        writer.Write(0);
        writer.Write(blocks);
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    private ReadOnlySpan<byte> IdOf(int stretch) => _ids.WrittenSpan.Slice(_stretches[stretch].IdStart, _stretches[stretch].IdLength);

    private void WriteBlock(BinaryWriter writer, MemoryStream output, ReadOnlySpan<int> stretches, int count)
    {
        int start = (int)output.Length;
        ReadOnlySpan<byte> id = IdOf(stretches[0]);
        writer.Write(0);
        writer.Write7BitEncodedInt(id.Length);
        writer.Write(id);
        writer.WriteOptional(Newest(stretches));
        writer.Write7BitEncodedInt(count);
        Dictionary<UInt128, string>? texts = null;
        Span<byte> entry = stackalloc byte[EntrySize];
        foreach (int place in stretches)
        {
            Stretch stretch = _stretches[place];
            for (int i = stretch.Start; i < stretch.Start + stretch.Count; i++)
            {
                MessageChange message = _chunks[i / BlockLength][i % BlockLength];
                message.Write(entry);
                writer.Write(entry);
                if (_texts.Count > 0 && _texts.TryGetValue(message.Key, out string? text))
                    (texts ??= [])[message.Key] = text;
            }
        }

        writer.WriteTexts(texts ?? ConversationMessages.NoTexts);
        int end = (int)output.Length;
        BinaryPrimitives.WriteInt32LittleEndian(output.GetBuffer().AsSpan(start), end - start - sizeof(int));
        writer.Write(XxHash3.HashToUInt64(output.GetBuffer().AsSpan(start + sizeof(int), end - start - sizeof(int))));
    }

    private long? Newest(ReadOnlySpan<int> stretches)
    {
        long? newest = null;
        foreach (int stretch in stretches)
        {
            if (newest is null || _stretches[stretch].NewestCreatedAt > newest)
                newest = _stretches[stretch].NewestCreatedAt;
        }

        return newest;
    }

    /// <summary>Consecutive rows of one conversation.</summary>
    [StructLayout(LayoutKind.Auto)]
    private record struct Stretch(int IdStart, int IdLength, int Start)
    {
        public int Count { get; set; }

        public long? NewestCreatedAt { get; set; }
    }
}
