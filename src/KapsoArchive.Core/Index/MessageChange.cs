using System.Buffers.Binary;
using System.Runtime.InteropServices;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Index;

/// <summary>One row that was written. Packed: millions of them wait for the end of a run, and 16 of 25 bytes would align none of the rest.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct MessageChange
{
    private readonly byte _change;

    public MessageChange(UInt128 key, ulong fingerprint, Change change) => (Key, Fingerprint, _change) = (key, fingerprint, (byte)change);

    public UInt128 Key { get; }

    public ulong Fingerprint { get; }

    public Change Change => (Change)_change;

    /// <summary>The 25 bytes in which the journal keeps it.</summary>
    public void Write(Span<byte> entry)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(entry, Key);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], Fingerprint);
        entry[24] = _change;
    }

    public static MessageChange Read(ReadOnlySpan<byte> entry) =>
        new(BinaryPrimitives.ReadUInt128LittleEndian(entry), BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]), (Change)entry[24]);
}
