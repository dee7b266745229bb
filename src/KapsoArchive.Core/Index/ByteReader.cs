namespace KapsoArchive.Core.Index;

/// <summary>Reads the output of a <see cref="BinaryWriter"/> in place, without allocating objects for skipped values.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, int position = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; } = position;

    public readonly bool IsAtEnd => Position == _bytes.Length;

    /// <exception cref="InvalidDataException">Fewer bytes remain. The other methods throw it too.</exception>
    public ReadOnlySpan<byte> Read(int count)
    {
        if (count < 0 || count > _bytes.Length - Position)
            throw new InvalidDataException("it ends too early");
        ReadOnlySpan<byte> read = _bytes.Slice(Position, count);
        Position += count;
        return read;
    }

    public byte ReadByte() => Read(1)[0];

    public int Read7BitEncodedInt()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte next = ReadByte();
            value |= (next & 0x7Fu) << shift;
            if (next < 0x80)
                return (int)value;
        }

        throw new InvalidDataException("a number in it is too long");
    }

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Read(sizeof(ulong)));

    public long? ReadOptional() => ReadByte() != 0 ? (long)ReadUInt64() : null;

    /// <summary>The UTF-8 bytes of a text.</summary>
    public ReadOnlySpan<byte> ReadUtf8() => Read(Read7BitEncodedInt());

    public string? ReadOptionalText() => ReadByte() != 0 ? ReadString() : null;

    public void PassOverOptionalText()
    {
        if (ReadByte() != 0)
            ReadUtf8();
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadUtf8());
}
