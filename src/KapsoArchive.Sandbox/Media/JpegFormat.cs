using System.Buffers.Binary;
using System.Numerics;

namespace KapsoArchive.Sandbox.Media;

/// <summary>Baseline JPEG (ITU T.81). Each cell of the mosaic is a block of one colour, so only the first coefficient is
/// ever coded.</summary>
internal sealed class JpegFormat() : MediaFormat("image/jpeg")
{
    public override (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks)
    {
        var (width, height) = (Mosaic.Width * Mosaic.Cell, Mosaic.Height * Mosaic.Cell);
        byte[] quantization = new byte[64];
        Array.Fill<byte>(quantization, 8);
        byte[] head = [0xFF, 0xD8, .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0])];
        byte[] tail =
        [
            .. Segment(0xDB, [0, .. quantization]),
            .. Segment(0xC0, [8, 0, (byte)height, (byte)(width >> 8), (byte)width, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]),
            // A first coefficient's category is coded in 4 bits; the end of a block, which is all that follows, in one.
            .. Segment(0xC4, [0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
            .. Segment(0xC4, [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            .. Segment(0xDA, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
            .. Scan(new Mosaic(seed)),
            0xFF, 0xD9,
        ];
        return (head, tail);
    }

    public override void WriteBlock(ulong seed, long index, Span<byte> block)
    {
        block[0] = 0xFF;
        block[1] = 0xFE;
        BinaryPrimitives.WriteUInt16BigEndian(block[2..], (ushort)(block.Length - 2));
        Fill(seed, index, block[4..]);
    }

    private static byte[] Segment(byte marker, byte[] content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static List<byte> Scan(Mosaic mosaic)
    {
        var scan = new List<byte>(4096);
        var (bits, count) = (0u, 0);
        Span<int> before = [0, 0, 0];
        Span<int> values = [0, 0, 0];
        for (int i = 0; i < Mosaic.Width * Mosaic.Height; i++)
        {
            var (r, g, b) = mosaic[i % Mosaic.Width, i / Mosaic.Width];
            values[0] = (int)Math.Round(0.299 * r + 0.587 * g + 0.114 * b) - 128;
            values[1] = (int)Math.Round(-0.168736 * r - 0.331264 * g + 0.5 * b);
            values[2] = (int)Math.Round(0.5 * r - 0.418688 * g - 0.081312 * b);
            for (int channel = 0; channel < 3; channel++)
            {
                int difference = values[channel] - before[channel];
                before[channel] = values[channel];
                int category = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(difference));
                Write((uint)category, 4);
                Write((uint)(difference < 0 ? difference + (1 << category) - 1 : difference), category);
                Write(0, 1);
            }
        }
        if (count > 0) Write((1u << (8 - count)) - 1, 8 - count);
        return scan;

        void Write(uint value, int length)
        {
            bits = bits << length | value;
            for (count += length; count >= 8; count -= 8)
            {
                byte next = (byte)(bits >> (count - 8));
                scan.Add(next);
                if (next == 0xFF) scan.Add(0);
            }
        }
    }
}
