using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Journal;

/// <summary>Many small items as bytes, decoded at each access. A conversation takes about 100 bytes this way; as objects with their texts,
/// ten times as much, and a run would hold all of them to its end. The bytes are those of their document in the journal.</summary>
internal sealed class PackedItems
{
    private const string Magic = "KAJR";
    private const byte FirstVersion = 1;

    /// <summary>Version in which items are written. The first had neither ids within the business nor the other values of the list of
    /// conversations.</summary>
    public const byte CurrentVersion = 2;

    private readonly ReadOnlyMemory<byte> _bytes;

    private PackedItems(byte version, int count, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> document) =>
        (Version, Count, _bytes, Document) = (version, count, bytes, document);

    public static PackedItems None { get; } = Of<string>([], static (_, _) => { });

    public byte Version { get; }

    public int Count { get; }

    /// <summary>The complete document.</summary>
    public ReadOnlyMemory<byte> Document { get; }

    public static PackedItems Of<T>(IEnumerable<T> records, Action<T, BinaryWriter> write)
    {
        using var packed = new ItemPacker();
        foreach (T record in records)
            packed.Add(writer => write(record, writer));
        return packed.Take();
    }

    public static PackedItems Of(int count, ChunkedStream records) => FromDocument(IndexFormat.Seal(
        Magic,
        CurrentVersion,
        writer =>
        {
            writer.Write(count);
            records.CopyTo(writer);
        },
        capacity: checked((int)records.Length + 64)));

    /// <exception cref="InvalidDataException">The document is damaged.</exception>
    public static PackedItems FromDocument(ReadOnlyMemory<byte> document) =>
        IndexFormat.Open(document, Magic, FirstVersion, CurrentVersion, (reader, version) =>
    {
        int count = reader.ReadInt32();
        return new PackedItems(version, count, document[(int)reader.BaseStream.Position..^IndexFormat.HashLength], document);
    });

    /// <summary>The same items in the current version.</summary>
    /// <param name="read">Reads an item of a given version.</param>
    /// <param name="write">Writes an item of the current version.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public PackedItems Upgraded<T>(Func<BinaryReader, byte, T> read, Action<T, BinaryWriter> write) =>
        Version == CurrentVersion ? this : Of(Read(reader => read(reader, Version)), write);

    /// <param name="all">Items of the current version.</param>
    public static PackedItems Join(IReadOnlyList<PackedItems> all)
    {
        if (all is [var only])
            return only;
        using var joined = new ChunkedStream();
        foreach (PackedItems packed in all)
            joined.Write(packed._bytes.Span);
        return Of(all.Sum(p => p.Count), joined);
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public IEnumerable<T> Read<T>(Func<BinaryReader, T> read)
    {
        using BinaryReader reader = IndexFormat.ReaderOf(_bytes);
        for (int i = 0; i < Count; i++)
            yield return Next(reader, read);
        if (reader.BaseStream.Position != reader.BaseStream.Length)
            throw new InvalidDataException("packed records are longer than they should be");
    }

    /// <summary>As <see cref="Read"/>, but sorted by the ids with which they begin, in the order of
    /// <see cref="StringComparer.Ordinal"/>.</summary>
    /// <inheritdoc cref="Read"/>
    public IEnumerable<T> Sorted<T>(Func<BinaryReader, T> read) => Sorted(read, OrdinalUtf8.Compare);

    /// <summary>As <see cref="Sorted{T}(Func{BinaryReader, T})"/>, but in the order of <see cref="Utf8Text"/>.</summary>
    /// <inheritdoc cref="Read"/>
    public IEnumerable<T> SortedAsUtf8<T>(Func<BinaryReader, T> read) => Sorted(read, static (a, b) => a.SequenceCompareTo(b));

    private IEnumerable<T> Sorted<T>(Func<BinaryReader, T> read, Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, int> compare)
    {
        using BinaryReader reader = IndexFormat.ReaderOf(_bytes);
        int[] positions = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            positions[i] = (int)reader.BaseStream.Position;
            Next(reader, read);
        }

        Array.Sort(positions, (a, b) => compare(IdAt(a), IdAt(b)));
        foreach (int position in positions)
        {
            reader.BaseStream.Position = position;
            yield return Next(reader, read);
        }
    }

    private static T Next<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        try
        {
            return read(reader);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("packed records cannot be read", e);
        }
    }

    private ReadOnlySpan<byte> IdAt(int position) => new ByteReader(_bytes.Span, position).ReadUtf8();
}
