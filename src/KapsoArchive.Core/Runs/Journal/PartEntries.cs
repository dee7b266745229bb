using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Index;

namespace KapsoArchive.Core.Runs.Journal;

/// <summary>
/// What the index will have to know of the rows of one part, gathered while the part is written. As bytes: blocks, ordered by conversation, one or more of each; each block behind its length
/// and before its checksum; an empty block and the number of blocks at the end.
/// </summary>
internal sealed class PartEntries
{
    /// <summary>Bytes of one message: key, fingerprint, and what became of it.</summary>
    public const int EntrySize = 25;

    /// <summary>Messages of a block at most, so that a giant conversation is read back piece by piece.</summary>
    private const int BlockLength = 1 << 16;

    private readonly List<MessageChange[]> _chunks = [];
    private readonly List<Stretch> _stretches = [];
    private readonly Dictionary<UInt128, string> _texts = [];
    private readonly ArrayBufferWriter<byte> _ids = new();
    private Utf8Text _lastId;
    private long _textLength;

    /// <summary>The first bytes: four letters and a version.</summary>
    public static ReadOnlySpan<byte> Header => "KAJE\u0002"u8;

    public int Count { get; private set; }

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
            _textLength += row.Id.Span.Length;
    }

    public ReadOnlyMemory<byte> ToBytes()
    {
        string[] ids = [.. _stretches.Select(s => Encoding.UTF8.GetString(_ids.WrittenSpan.Slice(s.IdStart, s.IdLength)))];
        int[] order = [.. Enumerable.Range(0, ids.Length)];
        Array.Sort(order, (a, b) => string.CompareOrdinal(ids[a], ids[b]) is not 0 and var byId ? byId : a.CompareTo(b));

        // As long as it can become, so that nothing is copied.
        using var output = new MemoryStream(checked((int)((Count * (long)EntrySize) + _ids.WrittenCount + (_stretches.Count * 40L) + (_texts.Count * 21L) + _textLength + 64)));
        using var writer = new BinaryWriter(output, Encoding.UTF8);
        writer.Write(Header);
        int blocks = 0;
        for (int i = 0; i < order.Length;)
        {
            int first = i;
            int count = _stretches[order[i]].Count;
            while (++i < order.Length && ids[order[i]] == ids[order[first]] && count + _stretches[order[i]].Count <= BlockLength)
                count += _stretches[order[i]].Count;
            WriteBlock(writer, output, ids[order[first]], order[first..i]);
            blocks++;
        }

        writer.Write(0);
        writer.Write(blocks);
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    private void WriteBlock(BinaryWriter writer, MemoryStream output, string id, int[] stretches)
    {
        int start = (int)output.Length;
        writer.Write(0);
        writer.Write(id);
        writer.WriteOptional(stretches.Max(s => _stretches[s].NewestCreatedAt));
        writer.Write7BitEncodedInt(stretches.Sum(s => _stretches[s].Count));
        Dictionary<UInt128, string> texts = [];
        Span<byte> entry = stackalloc byte[EntrySize];
        foreach (Stretch stretch in stretches.Select(s => _stretches[s]))
        {
            for (int i = stretch.Start; i < stretch.Start + stretch.Count; i++)
            {
                MessageChange message = _chunks[i / BlockLength][i % BlockLength];
                message.Write(entry);
                writer.Write(entry);
                if (_texts.Count > 0 && _texts.TryGetValue(message.Key, out string? text))
                    texts[message.Key] = text;
            }
        }

        writer.WriteTexts(texts);
        int end = (int)output.Length;
        BinaryPrimitives.WriteInt32LittleEndian(output.GetBuffer().AsSpan(start), end - start - sizeof(int));
        writer.Write(XxHash3.HashToUInt64(output.GetBuffer().AsSpan(start + sizeof(int), end - start - sizeof(int))));
    }

    /// <summary>Rows of one conversation that came one after the other.</summary>
    [StructLayout(LayoutKind.Auto)]
    private record struct Stretch(int IdStart, int IdLength, int Start)
    {
        public int Count { get; set; }

        public long? NewestCreatedAt { get; set; }
    }
}
