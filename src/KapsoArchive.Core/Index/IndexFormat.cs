using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace KapsoArchive.Core.Index;

/// <summary>What all binary documents of the state area have in common: four letters and a version before, a SHA-256 of all that
/// behind.</summary>
internal static class IndexFormat
{
    /// <summary>Bytes of the hash at the end.</summary>
    public const int HashLength = 32;

    private const int MagicLength = 4;

    /// <param name="capacity">How long it becomes at most, where that is known: then nothing is copied.</param>
    public static ReadOnlyMemory<byte> Seal(string magic, byte version, Action<BinaryWriter> write, int capacity = 0)
    {
        var buffer = new MemoryStream(capacity);
        using (var writer = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Encoding.ASCII.GetBytes(magic));
            writer.Write(version);
            write(writer);
        }

        buffer.Write(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <exception cref="InvalidDataException">The bytes are not what was sealed; the message says in what way.</exception>
    public static T Open<T>(ReadOnlyMemory<byte> sealedBytes, string magic, byte version, Func<BinaryReader, T> read) =>
        Open(sealedBytes, magic, version, version, (reader, _) => read(reader));

    /// <summary>As above, of a document that has had several versions; the reading is told which this one is.</summary>
    /// <inheritdoc cref="Open{T}(ReadOnlyMemory{byte}, string, byte, Func{BinaryReader, T})"/>
    public static T Open<T>(ReadOnlyMemory<byte> sealedBytes, string magic, byte oldest, byte newest, Func<BinaryReader, byte, T> read)
    {
        if (sealedBytes.Length < MagicLength + 1 + HashLength)
            throw new InvalidDataException($"it is cut off at {sealedBytes.Length} bytes");
        ReadOnlyMemory<byte> content = sealedBytes[..^HashLength];
        if (!SHA256.HashData(content.Span).AsSpan().SequenceEqual(sealedBytes.Span[^HashLength..]))
            throw new InvalidDataException("its checksum is wrong");
        if (!content.Span.StartsWith(Encoding.ASCII.GetBytes(magic)))
            throw new InvalidDataException($"it does not begin with {magic}");
        byte version = content.Span[MagicLength];
        if (version < oldest || version > newest)
            throw new InvalidDataException($"it has version {version}, and this program reads {(oldest == newest ? $"version {newest}" : $"versions {oldest} to {newest}")}");

        using BinaryReader reader = ReaderOf(content);
        reader.BaseStream.Position = MagicLength + 1;
        try
        {
            return read(reader, version);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException("its content cannot be read, though its checksum is right", e);
        }
    }

    /// <summary>Reads bytes from where they lie.</summary>
    public static BinaryReader ReaderOf(ReadOnlyMemory<byte> content)
    {
        if (!MemoryMarshal.TryGetArray(content, out ArraySegment<byte> bytes))
            bytes = content.ToArray();
        return new BinaryReader(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false), Encoding.UTF8);
    }

    public static void WriteOptional(this BinaryWriter writer, long? value)
    {
        writer.Write(value.HasValue);
        if (value.HasValue)
            writer.Write(value.Value);
    }

    public static long? ReadOptional(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadInt64() : null;

    public static void WriteOptional(this BinaryWriter writer, string? value)
    {
        writer.Write(value is not null);
        if (value is not null)
            writer.Write(value);
    }

    public static string? ReadOptionalText(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    public static void WriteTexts(this BinaryWriter writer, IReadOnlyDictionary<UInt128, string> texts)
    {
        writer.Write7BitEncodedInt(texts.Count);
        if (texts.Count == 0)
            return;
        foreach ((UInt128 key, string text) in texts.OrderBy(t => t.Key))
        {
            WriteKey(writer, key);
            writer.Write(text);
        }
    }

    public static IReadOnlyDictionary<UInt128, string> ReadTexts(this BinaryReader reader)
    {
        int count = reader.Read7BitEncodedInt();
        if (count == 0)
            return ConversationMessages.NoTexts;
        Dictionary<UInt128, string> texts = [];
        for (int i = 0; i < count; i++)
            texts.Add(ReadKey(reader), reader.ReadString());
        return texts;
    }

    /// <summary>The upper half first: not the form in which <see cref="Sweeps.SweepState"/> keeps ids.</summary>
    private static void WriteKey(BinaryWriter writer, UInt128 key)
    {
        writer.Write((ulong)(key >> 64));
        writer.Write((ulong)key);
    }

    private static UInt128 ReadKey(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());
}
