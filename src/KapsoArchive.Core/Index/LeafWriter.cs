namespace KapsoArchive.Core.Index;

/// <summary>Builds a leaf in the buffer in which it is sealed. The rows of a run are added as they are read and sorted in place, so that a
/// giant conversation is in memory only once.</summary>
internal sealed class LeafWriter
{
    /// <summary>Maximum length of an encoded number of entries, in bytes.</summary>
    private const int MaxCountLength = 5;

    /// <summary>Estimated bytes per conversation besides its entries: an id of usual length, two numbers, few texts.</summary>
    private const int RoomBeside = 64;

    private readonly List<UInt128> _removed = [];
    private byte[] _bytes;
    private int _length;
    private int _start;
    private int _written;
    private ConversationMessages _before = ConversationMessages.None("");
    private Dictionary<UInt128, string> _texts = [];

    /// <param name="conversations">Number of conversations to be added.</param>
    /// <param name="entries">Estimated number of their entries. If it is right, no bytes are copied.</param>
    public LeafWriter(int conversations, long entries)
    {
        _bytes = new byte[checked(RoomBeside + (conversations * RoomBeside) + (entries * KnownMessages.EntrySize))];
        Append(Encoding.ASCII.GetBytes(IndexLeaf.Magic));
        Append([IndexLeaf.Version]);
        AppendCount(conversations);
    }

    /// <summary>Adds an unchanged conversation.</summary>
    public void Add(ConversationMessages conversation)
    {
        AppendText(conversation.ConversationId);
        AppendCount(conversation.Count);
        Append(conversation.Entries.Span);
        AppendTexts(conversation.Texts);
    }

    /// <summary>Begins a conversation of which rows were written.</summary>
    public void Begin(ConversationMessages before)
    {
        AppendText(before.ConversationId);
        (_before, _texts, _start, _written) = (before, new Dictionary<UInt128, string>(before.Texts), _length, 0);
        _removed.Clear();
    }

    /// <summary>Adds a piece of the rows written of the current conversation.</summary>
    public void Pour(ConversationChanges changes)
    {
        _written += IndexFold.Take(changes.Messages, Entries(_written + changes.Messages.Length)[_written..], _removed);
        if (_texts.Count + changes.Texts.Count > 0)
            IndexFold.Apply(_texts, changes);
    }

    /// <summary>Ends the current conversation.</summary>
    /// <returns>Number of its messages.</returns>
    public int End()
    {
        Span<LeafEntry> written = Entries(_written);
        written.Sort();
        int count = _before.Count == 0
            ? _written
            : IndexFold.Merge(_before.Entries.Span, written.ToArray(), _removed, Entries(_before.Count + _written));
        int from = _start + MaxCountLength;
        AppendCount(count);
        int size = count * KnownMessages.EntrySize;
        _bytes.AsSpan(from, size).CopyTo(_bytes.AsSpan(_length));
        _length += size;
        AppendTexts(_texts);
        return count;
    }

    /// <summary>Returns the leaf. The writer cannot be used afterwards.</summary>
    public ReadOnlyMemory<byte> Seal()
    {
        Append(SHA256.HashData(_bytes.AsSpan(0, _length)));
        return _bytes.AsMemory(0, _length);
    }

    /// <summary>Space for the entries of the current conversation, after the maximum length of their encoded number.</summary>
    private Span<LeafEntry> Entries(int count) =>
        MemoryMarshal.Cast<byte, LeafEntry>(Room(_start + MaxCountLength, checked(count * KnownMessages.EntrySize)));

    private Span<byte> Room(int start, int count)
    {
        int end = checked(start + count);
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, _bytes.Length * 3L / 2)));
        return _bytes.AsSpan(start, count);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(_length, bytes.Length));
        _length += bytes.Length;
    }

    private void AppendCount(int count)
    {
        for (uint rest = (uint)count; ; rest >>= 7)
        {
            Append([(byte)(rest < 0x80 ? rest : rest | 0x80)]);
            if (rest < 0x80)
                return;
        }
    }

    private void AppendText(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        AppendCount(utf8.Length);
        Append(utf8);
    }

    private void AppendTexts(IReadOnlyDictionary<UInt128, string> texts)
    {
        if (texts.Count == 0)
        {
            AppendCount(0);
            return;
        }

        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.WriteTexts(texts);
        Append(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
