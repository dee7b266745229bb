namespace KapsoArchive.Core.Index;

/// <summary>Common format of all binary documents of the state area: four letters and a version, the content, and a SHA-256 of all
/// preceding bytes.</summary>
internal static class IndexFormat
{
    /// <summary>Length of the hash at the end, in bytes.</summary>
    public const int HashLength = 32;

    private const int MagicLength = 4;

    /// <param name="capacity">Maximum length, if known, so that no bytes are copied.</param>
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

    /// <exception cref="InvalidDataException">The bytes differ from those that were sealed; the message says how.</exception>
    public static T Open<T>(ReadOnlyMemory<byte> sealedBytes, string magic, byte version, Func<BinaryReader, T> read) =>
        Open(sealedBytes, magic, version, version, (reader, _) => read(reader));

    /// <summary>As above, for a document with several versions. The version is passed to <paramref name="read"/>.</summary>
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
            throw new InvalidDataException(
                $"it has version {version}, but this program reads "
                    + $"{(oldest == newest ? $"version {newest}" : $"versions {oldest} to {newest}")}");

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

    /// <summary>Returns a reader of the bytes that does not copy them.</summary>
    public static BinaryReader ReaderOf(ReadOnlyMemory<byte> content)
    {
        if (!MemoryMarshal.TryGetArray(content, out ArraySegment<byte> bytes))
            bytes = content.ToArray();
        return new BinaryReader(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false), Encoding.UTF8);
    }

    public static void Write(this BinaryWriter writer, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        writer.Write(bytes);
    }

    public static UInt128 ReadUInt128(this BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[16];
        reader.BaseStream.ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
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

    /// <summary>Writes the upper half first, unlike <see cref="Sweeps.SweepState"/>.</summary>
    private static void WriteKey(BinaryWriter writer, UInt128 key)
    {
        writer.Write((ulong)(key >> 64));
        writer.Write((ulong)key);
    }

    private static UInt128 ReadKey(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());
}
