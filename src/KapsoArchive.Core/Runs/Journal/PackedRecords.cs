using System.Runtime.InteropServices;
using System.Text;

namespace KapsoArchive.Core.Runs.Journal;

/// <summary>
/// Many small records as bytes, made anew whenever they are asked for: a conversation takes some 100 bytes so, and as objects with their texts ten times as many, of which a run would
/// hold all to its end.
/// </summary>
internal sealed record PackedRecords(int Count, ReadOnlyMemory<byte> Bytes)
{
    public static PackedRecords Of<T>(IEnumerable<T> records, Action<T, BinaryWriter> write)
    {
        using var packed = new RecordPacker();
        foreach (T record in records)
            packed.Add(writer => write(record, writer));
        return packed.Take();
    }

    public static PackedRecords Join(IReadOnlyList<PackedRecords> all)
    {
        if (all is [var only])
            return only;
        byte[] bytes = new byte[all.Sum(p => p.Bytes.Length)];
        int length = 0;
        foreach (PackedRecords packed in all)
        {
            packed.Bytes.CopyTo(bytes.AsMemory(length));
            length += packed.Bytes.Length;
        }

        return new PackedRecords(all.Sum(p => p.Count), bytes);
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public IEnumerable<T> Read<T>(Func<BinaryReader, T> read)
    {
        using BinaryReader reader = Open();
        for (int i = 0; i < Count; i++)
            yield return Next(reader, read);
        if (reader.BaseStream.Position != reader.BaseStream.Length)
            throw new InvalidDataException("packed records are longer than they should be");
    }

    /// <summary>As <see cref="Read"/>, but by a key, of which it holds one for each record.</summary>
    /// <inheritdoc cref="Read"/>
    public IEnumerable<T> Sorted<T, TKey>(Func<BinaryReader, T> read, Func<T, TKey> key)
    {
        using BinaryReader reader = Open();
        var keys = new TKey[Count];
        int[] positions = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            positions[i] = (int)reader.BaseStream.Position;
            keys[i] = key(Next(reader, read));
        }

        Array.Sort(keys, positions);
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

    private BinaryReader Open()
    {
        if (!MemoryMarshal.TryGetArray(Bytes, out ArraySegment<byte> bytes))
            bytes = Bytes.ToArray();
        return new BinaryReader(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false), Encoding.UTF8);
    }
}
