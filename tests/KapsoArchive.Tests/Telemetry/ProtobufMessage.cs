using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>A Protocol Buffers message, read by field numbers and without a schema.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<Field> _fields = [];

    /// <exception cref="InvalidDataException">That is no such message.</exception>
    public ProtobufMessage(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong tag = TakeVarint(ref bytes);
            (int number, int wire) = ((int)(tag >> 3), (int)(tag & 7));
            _fields.Add(wire switch
            {
                0 => new Field(number, TakeVarint(ref bytes), default),
                1 => new Field(number, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8).Span), default),
                2 => new Field(number, 0, Take(ref bytes, (int)TakeVarint(ref bytes))),
                5 => new Field(number, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4).Span), default),
                _ => throw new InvalidDataException($"There is no wire type {wire}."),
            });
        }
    }

    public bool Has(int field) => _fields.Exists(f => f.Number == field);

    public IEnumerable<ProtobufMessage> Messages(int field) => _fields.Where(f => f.Number == field).Select(f => new ProtobufMessage(f.Bytes));

    public string Text(int field) => Encoding.UTF8.GetString(_fields.Find(f => f.Number == field).Bytes.Span);

    public string Hex(int field) => Convert.ToHexStringLower(_fields.Find(f => f.Number == field).Bytes.Span);

    public ulong Number(int field) => _fields.Find(f => f.Number == field).Value;

    public double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int length)
    {
        if (length < 0 || length > bytes.Length)
            throw new InvalidDataException("The message is cut off.");
        ReadOnlyMemory<byte> taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }

    private static ulong TakeVarint(ref ReadOnlyMemory<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Take(ref bytes, 1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Field(int Number, ulong Value, ReadOnlyMemory<byte> Bytes);
}
