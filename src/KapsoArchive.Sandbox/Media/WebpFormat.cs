using System.Buffers.Binary;

namespace KapsoArchive.Sandbox.Media;

/// <summary>Lossless WebP (RFC 9649): the first pixel of a cell is coded, all others are copies of their left or upper neighbour.</summary>
internal sealed class WebpFormat() : MediaFormat("image/webp")
{
    private const int Width = Mosaic.Width * Mosaic.Cell;
    private const int Height = Mosaic.Height * Mosaic.Cell;
    private const int CopyRow = 256 + 21;
    private const int CopyCell = 256 + 5;

    public override (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks)
    {
        byte[] pixels = Pixels(new Mosaic(seed));
        byte[] head =
        [
            .. Chunk("VP8X"u8, [0, 0, 0, 0, Width - 1 & 0xFF, Width - 1 >> 8, 0, Height - 1, 0, 0]),
            .. Chunk("VP8L"u8, pixels.Length % 2 == 0 ? pixels : [.. pixels, 0]),
        ];
        byte[] riff = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8];
        BinaryPrimitives.WriteUInt32LittleEndian(riff.AsSpan(4), (uint)(4 + head.Length + padding));
        return ([.. riff, .. head], []);
    }

    public override void WriteBlock(ulong seed, long index, Span<byte> block)
    {
        "PADD"u8.CopyTo(block);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], block.Length - 8);
        Fill(seed, index, block[8..]);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] chunk = [.. type, 0, 0, 0, 0, .. content];
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), content.Length);
        return chunk;
    }

    private static byte[] Pixels(Mosaic mosaic)
    {
        var bits = new LowBits();
        bits.Write(0x2F, 8);
        bits.Write(Width - 1, 14);
        bits.Write(Height - 1, 14);
        // No alpha, version 0, no transform, no colour cache, one group of codes.
        bits.Write(0, 1 + 3 + 1 + 1 + 1);

        // Green and lengths: 16 levels and 2 lengths of a copy; the last two levels and the lengths have codes of 5 bits.
        var greens = new Dictionary<int, int>();
        for (int level = 0; level < 16; level++) greens[17 * level] = level < 14 ? 4 : 5;
        greens[CopyCell] = greens[CopyRow] = 5;
        var levels = Enumerable.Range(0, 16).ToDictionary(level => 17 * level, _ => 4);
        bits.WriteCodes(greens, 280);
        bits.WriteCodes(levels, 256);
        bits.WriteCodes(levels, 256);
        // Alpha is always 255. Distances: 0 is the upper neighbour, 1 the left one.
        bits.Write(0b101 | 255 << 3, 11);
        bits.Write(0b0011, 4);
        bits.Write(1, 8);

        for (int y = 0; y < Mosaic.Height; y++)
        {
            for (int x = 0; x < Mosaic.Width; x++)
            {
                var (r, g, b) = mosaic[x, y];
                bits.WriteSymbol(greens, g);
                bits.WriteSymbol(levels, r);
                bits.WriteSymbol(levels, b);
                // 7 pixels: 7 is the first length of its prefix, with one further bit.
                bits.WriteSymbol(greens, CopyCell);
                bits.Write(0, 1);
                bits.Write(1, 1);
            }
            // 7 rows of 256 pixels: 1792 = 1536 + 255 + 1, with 9 further bits.
            bits.WriteSymbol(greens, CopyRow);
            bits.Write(255, 9);
            bits.Write(0, 1);
        }
        return bits.ToArray();
    }

    /// <summary>Bits written from the lowest, as VP8L wants them, and canonical codes from the highest.</summary>
    private sealed class LowBits
    {
        // The order in which the lengths of the code for code lengths are sent: 17, 18, 0, 1, 2, 3, 4, 5.
        private static readonly int[] LengthsOfLengths = [0, 0, 1, 0, 0, 0, 2, 2];
        private static readonly Dictionary<int, int> Lengths = new() { [0] = 1, [4] = 2, [5] = 2 };

        private readonly List<byte> _bytes = new(4096);
        private ulong _bits;
        private int _count;

        public void Write(long value, int length)
        {
            _bits |= (ulong)value << _count;
            for (_count += length; _count >= 8; _count -= 8)
            {
                _bytes.Add((byte)_bits);
                _bits >>= 8;
            }
        }

        /// <summary>Writes the lengths of the codes of an alphabet.</summary>
        public void WriteCodes(Dictionary<int, int> lengths, int alphabet)
        {
            Write(0, 1);
            Write(LengthsOfLengths.Length - 4, 4);
            foreach (int length in LengthsOfLengths) Write(length, 3);
            Write(0, 1);
            for (int symbol = 0; symbol < alphabet; symbol++) WriteSymbol(Lengths, lengths.GetValueOrDefault(symbol));
        }

        public void WriteSymbol(Dictionary<int, int> lengths, int symbol)
        {
            var (code, length) = (0, lengths[symbol]);
            foreach (var (other, otherLength) in lengths)
            {
                if (otherLength < length || (otherLength == length && other < symbol)) code += 1 << (length - otherLength);
            }
            for (int bit = length - 1; bit >= 0; bit--) Write(code >> bit & 1, 1);
        }

        public byte[] ToArray() => _count == 0 ? [.. _bytes] : [.. _bytes, (byte)_bits];
    }
}
