using System.Collections;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake.Fingerprints;

namespace KapsoArchive.Core.Runs.Discovery;

/// <summary>The conversations that the walks through the list have found, each as it was last listed. They are packed, about 150 bytes
/// each; as objects they would take four times as much. Enumerating decodes them, ordered by id.</summary>
internal sealed class FoundList : IEnumerable<ConversationSummary>
{
    private const int ChunkSize = 64 * 1024;

    private readonly Dictionary<UInt128, (int Chunk, int Start)> _places = [];
    private readonly List<byte[]> _chunks = [];
    private int _used = ChunkSize;
    private long _packedBytes;

    public int Count => _places.Count;

    /// <summary>Approximate size in memory.</summary>
    public long Bytes => _packedBytes + (_places.Count * 40L);

    /// <summary>The latest activity of all conversations ever added; null if none has one.</summary>
    public DateTimeOffset? Newest { get; private set; }

    /// <summary>Key of a conversation.</summary>
    public static UInt128 KeyOf(string id) => MessageKey.Of(Encoding.UTF8.GetBytes(id));

    public bool Contains(string id) => _places.ContainsKey(KeyOf(id));

    /// <returns>Whether it was new.</returns>
    public bool Add(UInt128 key, ConversationSummary conversation)
    {
        if (conversation.LastActiveAt > Newest || Newest is null)
            Newest = conversation.LastActiveAt ?? Newest;
        ReadOnlySpan<byte> packed = Pack(conversation);
        ref (int Chunk, int Start) place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, key, out bool isKnown);
        if (isKnown && LengthAt(place) >= packed.Length)
            packed.CopyTo(_chunks[place.Chunk].AsSpan(place.Start)); // Fits in place; usually unchanged.
        else
            place = Append(packed);
        return !isKnown;
    }

    public IEnumerator<ConversationSummary> GetEnumerator()
    {
        (int Chunk, int Start)[] places = [.. _places.Values];
        Array.Sort(places, (a, b) => OrdinalUtf8.Compare(ReaderAt(a).ReadUtf8(), ReaderAt(b).ReadUtf8()));
        foreach ((int, int) place in places)
            yield return At(place);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ByteReader ReaderAt((int Chunk, int Start) place) => new(_chunks[place.Chunk], place.Start);

    private int LengthAt((int Chunk, int Start) place)
    {
        ByteReader reader = ReaderAt(place);
        reader.ReadUtf8();
        for (int text = 0; text < 3; text++)
            reader.PassOverOptionalText();
        reader.ReadOptional();
        for (int text = 0; text < 3; text++)
            reader.PassOverOptionalText();
        return reader.Position - place.Start;
    }

    private ConversationSummary At((int Chunk, int Start) place)
    {
        ByteReader reader = ReaderAt(place);
        return Read(ref reader);
    }

    private static ConversationSummary Read(ref ByteReader reader) => new(
        reader.ReadString(),
        reader.ReadOptionalText(),
        reader.ReadOptionalText(),
        reader.ReadOptionalText(),
        reader.ReadOptional() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null)
    {
        BusinessScopedUserId = reader.ReadOptionalText(),
        Username = reader.ReadOptionalText(),
        Extra = reader.ReadOptionalText(),
    };

    private static ReadOnlySpan<byte> Pack(ConversationSummary conversation)
    {
        using var packed = new MemoryStream(256);
        using var writer = new BinaryWriter(packed, Encoding.UTF8);
        writer.Write(conversation.Id);
        writer.WriteOptional(conversation.PhoneNumber);
        writer.WriteOptional(conversation.ContactName);
        writer.WriteOptional(conversation.Status);
        writer.WriteOptional(conversation.LastActiveAt?.UtcTicks);
        writer.WriteOptional(conversation.BusinessScopedUserId);
        writer.WriteOptional(conversation.Username);
        writer.WriteOptional(conversation.Extra);
        writer.Flush();
        return packed.GetBuffer().AsSpan(0, (int)packed.Length);
    }

    private (int Chunk, int Start) Append(ReadOnlySpan<byte> packed)
    {
        if (_chunks.Count == 0 || packed.Length > _chunks[^1].Length - _used)
        {
            _chunks.Add(new byte[Math.Max(packed.Length, ChunkSize)]);
            _used = 0;
        }

        int start = _used;
        packed.CopyTo(_chunks[^1].AsSpan(start));
        _used += packed.Length;
        _packedBytes += packed.Length;
        return (_chunks.Count - 1, start);
    }
}
