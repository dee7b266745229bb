using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Index;

namespace KapsoArchive.Core.Runs.Journal;

/// <summary>
/// What the index will have to know of the rows of one part, gathered while the part is written. As bytes: blocks, one a conversation, ordered by its id; each block behind its length and
/// before its checksum; an empty block and the number of blocks at the end.
/// </summary>
internal sealed class PartEntries
{
    /// <summary>The first bytes: four letters and a version.</summary>
    public static ReadOnlySpan<byte> Header => "KAJE\u0001"u8;

    private readonly Dictionary<Utf8Text, Group> _groups = [];
    private Utf8Text _lastId;
    private Group? _last;

    public int Count { get; private set; }

    public void Add(MessageRow row)
    {
        if (row.ConversationId != _lastId || _last is null)
        {
            if (!_groups.TryGetValue(row.ConversationId, out _last))
                _groups.Add(row.ConversationId, _last = new Group());
            _lastId = row.ConversationId;
        }

        Group group = _last;
        group.Messages.Add(new MessageChange(row.Key, row.Fingerprint, row.Change));
        if (row.Change != Change.Removed && row.CreatedAt is { } createdAt)
            group.NewestCreatedAt = Math.Max(group.NewestCreatedAt ?? createdAt, createdAt);
        if (!row.KeyIsUuid)
            (group.Texts ??= [])[row.Key] = row.Id.ToString()!;
        Count++;
    }

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>((Count * (KnownMessages.EntrySize + 1)) + 1024);
        output.Write(Header);
        foreach ((string id, Group group) in _groups.Select(g => (g.Key.ToString()!, g.Value)).OrderBy(g => g.Item1, StringComparer.Ordinal))
        {
            byte[] block = ToBlock(id, group);
            Write(output, block.Length);
            output.Write(block);
            BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), XxHash3.HashToUInt64(block));
            output.Advance(8);
        }

        Write(output, 0);
        Write(output, _groups.Count);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] ToBlock(string id, Group group)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(id);
        writer.WriteOptional(group.NewestCreatedAt);
        writer.Write7BitEncodedInt(group.Messages.Count);
        foreach (MessageChange message in group.Messages)
        {
            writer.Write(message.Key);
            writer.Write(message.Fingerprint);
            writer.Write((byte)message.Change);
        }

        writer.WriteTexts(group.Texts ?? ConversationMessages.NoTexts);
        writer.Flush();
        return buffer.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), number);
        output.Advance(4);
    }

    private sealed class Group
    {
        public long? NewestCreatedAt { get; set; }

        public List<MessageChange> Messages { get; } = [];

        public Dictionary<UInt128, string>? Texts { get; set; }
    }
}
