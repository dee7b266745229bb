using System.Collections;

namespace KapsoArchive.Core.Index;

/// <summary>The conversations of a catalog in the ordinal order of their ids. They stay in the catalog's bytes and are decoded at each
/// access. 100,000 conversations take 7 MB this way. Objects with a dictionary would take four times as much, allocated in every
/// run.</summary>
internal sealed class CatalogConversations : IReadOnlyList<IndexedConversation>
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly byte _format;
    private readonly int[] _starts;
    private readonly List<int> _leafStarts = [];

    /// <param name="bytes">Only the conversations.</param>
    /// <param name="count">Number of conversations.</param>
    /// <param name="format">Version of their catalog.</param>
    /// <exception cref="InvalidDataException">The bytes do not have the expected format.</exception>
    public CatalogConversations(ReadOnlyMemory<byte> bytes, int count, byte format)
    {
        if (count < 0 || count > bytes.Length)
            throw new InvalidDataException("it has fewer conversations than it says");
        (_bytes, _format) = (bytes, format);
        _starts = new int[count + 1];
        var reader = new ByteReader(bytes.Span);
        for (int i = 0; i < count; i++)
        {
            _starts[i] = reader.Position;
            if (IndexLeaf.BeginsWith(PassOver(ref reader, format)) || i == 0)
                _leafStarts.Add(i);
        }

        _starts[count] = reader.Position;
        if (!reader.IsAtEnd)
            throw new InvalidDataException("it is longer than its content");
    }

    public int Count => _starts.Length - 1;

    /// <summary>Places of the conversations that begin a leaf.</summary>
    public IReadOnlyList<int> LeafStarts => _leafStarts;

    public IndexedConversation this[int index]
    {
        get
        {
            var reader = new ByteReader(_bytes.Span, _starts[index]);
            var conversation = new IndexedConversation
            {
                Id = reader.ReadString(),
                Outcome = (ConversationOutcome)reader.ReadByte(),
                LastFullSweep = reader.ReadOptional(),
                LastComplete = reader.ReadOptional(),
                NewestCreatedAt = reader.ReadOptional(),
                Live = reader.Read7BitEncodedInt(),
                Rejected = reader.Read7BitEncodedInt(),
            };
            ulong digest = conversation.Rejected == 0 ? 0 : reader.ReadUInt64();
            if (_format == IndexForm.FirstFormat)
                // With this format, a reading ended only if the count agreed, or was reported to be wrong.
                return conversation with { RejectedDigest = digest, CountAgreed = true };
            bool countAgreed = reader.ReadByte() != 0;
            var names = new IndexedNames(
                reader.ReadOptionalText(), reader.ReadOptionalText(), reader.ReadOptionalText(), reader.ReadOptionalText());
            return conversation with
            {
                RejectedDigest = digest,
                CountAgreed = countAgreed,
                Names = names == IndexedNames.None ? IndexedNames.None : names,
            };
        }
    }

    /// <summary>Place after the last conversation of this leaf.</summary>
    public int LeafEnd(int leaf) => leaf + 1 < _leafStarts.Count ? _leafStarts[leaf + 1] : Count;

    /// <summary>Number of the leaf that holds the conversation at this place.</summary>
    public int LeafOf(int index)
    {
        int found = _leafStarts.BinarySearch(index);
        return found >= 0 ? found : ~found - 1;
    }

    public ReadOnlySpan<byte> IdAt(int index) => new ByteReader(_bytes.Span, _starts[index]).ReadUtf8();

    /// <summary>The encoded conversations of a range.</summary>
    public ReadOnlySpan<byte> BytesOf(int start, int end) => _bytes.Span[_starts[start].._starts[end]];

    /// <summary>The conversation's place; if the catalog does not have it, the complement of the place where it would be.</summary>
    public int IndexOf(string id)
    {
        ReadOnlySpan<byte> wanted = Encoding.UTF8.GetBytes(id);
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            int order = OrdinalUtf8.Compare(IdAt(middle), wanted);
            if (order == 0)
                return middle;
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    public IEnumerator<IndexedConversation> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public static void Write(IndexedConversation conversation, BinaryWriter writer, byte format)
    {
        writer.Write(conversation.Id);
        writer.Write((byte)conversation.Outcome);
        writer.WriteOptional(conversation.LastFullSweep);
        writer.WriteOptional(conversation.LastComplete);
        writer.WriteOptional(conversation.NewestCreatedAt);
        writer.Write7BitEncodedInt(conversation.Live);
        writer.Write7BitEncodedInt(conversation.Rejected);
        if (conversation.Rejected > 0)
            writer.Write(conversation.RejectedDigest);
        if (format == IndexForm.FirstFormat)
            return;
        writer.Write(conversation.CountAgreed);
        writer.WriteOptional(conversation.Names.PhoneNumber);
        writer.WriteOptional(conversation.Names.ContactName);
        writer.WriteOptional(conversation.Names.BusinessScopedUserId);
        writer.WriteOptional(conversation.Names.Username);
    }

    /// <returns>Id of the conversation that was skipped.</returns>
    private static ReadOnlySpan<byte> PassOver(ref ByteReader reader, byte format)
    {
        ReadOnlySpan<byte> id = reader.ReadUtf8();
        reader.ReadByte();
        for (int times = 0; times < 3; times++)
            reader.ReadOptional();
        reader.Read7BitEncodedInt();
        if (reader.Read7BitEncodedInt() > 0)
            reader.ReadUInt64();
        if (format > IndexForm.FirstFormat)
        {
            reader.ReadByte();
            for (int names = 0; names < 4; names++)
                reader.PassOverOptionalText();
        }

        return id;
    }
}
