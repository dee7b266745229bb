using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace KapsoArchive.Core.Index;

/// <summary>
/// Makes a leaf where it is sealed: what a run wrote is poured in as it is read, and sorted where it lies, so that a giant conversation is in memory once.
/// </summary>
internal sealed class LeafWriter
{
    /// <summary>Bytes that a number of entries takes at most.</summary>
    private const int MaxCountLength = 5;

    /// <summary>For each conversation, beside its entries: an id of usual length, two numbers, few texts.</summary>
    private const int RoomBeside = 64;

    private readonly List<UInt128> _removed = [];
    private byte[] _bytes;
    private int _length;
    private int _start;
    private int _written;
    private ConversationMessages _before = ConversationMessages.None("");
    private Dictionary<UInt128, string> _texts = [];

    /// <param name="conversations">How many will be added.</param>
    /// <param name="entries">About how many entries they will have: right, nothing is copied.</param>
    public LeafWriter(int conversations, long entries)
    {
        _bytes = new byte[checked(RoomBeside + (conversations * RoomBeside) + (entries * KnownMessages.EntrySize))];
        Append(Encoding.ASCII.GetBytes(IndexLeaf.Magic));
        Append([IndexLeaf.Version]);
        AppendCount(conversations);
    }

    /// <summary>Adds a conversation as it is.</summary>
    public void Add(ConversationMessages conversation)
    {
        AppendText(conversation.ConversationId);
        AppendCount(conversation.Count);
        Append(conversation.Entries.Span);
        AppendTexts(conversation.Texts);
    }

    /// <summary>Begins a conversation in which something was written.</summary>
    public void Begin(ConversationMessages before)
    {
        AppendText(before.ConversationId);
        (_before, _texts, _start, _written) = (before, new Dictionary<UInt128, string>(before.Texts), _length, 0);
        _removed.Clear();
    }

    /// <summary>Adds a piece of what was written in the conversation that was begun.</summary>
    public void Pour(ConversationChanges changes)
    {
        _written += IndexFold.Take(changes.Messages, Entries(_written + changes.Messages.Length)[_written..], _removed);
        if (_texts.Count + changes.Texts.Count > 0)
            IndexFold.Apply(_texts, changes);
    }

    /// <summary>Ends the conversation that was begun.</summary>
    /// <returns>How many messages it has.</returns>
    public int End()
    {
        Span<LeafEntry> written = Entries(_written);
        written.Sort();
        int count = _before.Count == 0 ? _written : IndexFold.Merge(_before.Entries.Span, written.ToArray(), _removed, Entries(_before.Count + _written));
        int from = _start + MaxCountLength;
        AppendCount(count);
        int size = count * KnownMessages.EntrySize;
        _bytes.AsSpan(from, size).CopyTo(_bytes.AsSpan(_length));
        _length += size;
        AppendTexts(_texts);
        return count;
    }

    /// <summary>The leaf. It is the end of this.</summary>
    public ReadOnlyMemory<byte> Seal()
    {
        Append(SHA256.HashData(_bytes.AsSpan(0, _length)));
        return _bytes.AsMemory(0, _length);
    }

    /// <summary>The entries of the conversation that was begun, behind the most that their number may take.</summary>
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
