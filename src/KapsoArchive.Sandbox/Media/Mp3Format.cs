using System.Buffers.Binary;

namespace KapsoArchive.Sandbox.Media;

/// <summary>MP3: silent frames behind an ID3v2.3 tag, which also holds the padding.</summary>
internal sealed class Mp3Format() : MediaFormat("audio/mpeg")
{
    private const int FrameLength = 104;
    private const int FrameHeader = 10;

    public override (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks)
    {
        byte[] title = [.. "TIT2"u8, 0, 0, 0, 17, 0, 0, 0, .. Encoding.ASCII.GetBytes($"{seed:x16}")];
        long tag = title.Length + padding;
        byte[] head = [.. "ID3"u8, 3, 0, 0, Seven(tag, 21), Seven(tag, 14), Seven(tag, 7), Seven(tag, 0), .. title];
        // MPEG-1 layer III, 32 kbit/s, 44.1 kHz, mono; what follows the header is silence if it is zero.
        byte[] frame = new byte[FrameLength];
        (frame[0], frame[1], frame[2], frame[3]) = (0xFF, 0xFB, 0x10, 0xC4);
        return (head, [.. Enumerable.Repeat(frame, 40 + Scramble.Below(Scramble.Bits(seed, 9), 80)).SelectMany(bytes => bytes)]);
    }

    public override void WriteBlock(ulong seed, long index, Span<byte> block)
    {
        "PRIV"u8.CopyTo(block);
        BinaryPrimitives.WriteInt32BigEndian(block[4..], block.Length - FrameHeader);
        block[8..FrameHeader].Clear();
        Fill(seed, index, block[FrameHeader..]);
        // The owner of a private frame ends with a zero.
        block[FrameHeader + 16] = 0;
    }

    private static byte Seven(long value, int shift) => (byte)(value >> shift & 0x7F);
}
