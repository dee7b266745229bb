using System.Numerics;

namespace KapsoArchive.Sandbox.Media;

/// <summary>Pictures in H.264 (ITU H.264), baseline profile: the first one is not compressed, the others repeat it.</summary>
internal static class H264
{
    public const int Width = Mosaic.Width * Cell;
    public const int Height = Mosaic.Height * Cell;

    private const int Cell = 4;
    private const int Block = 16;
    private const int Blocks = Width * Height / (Block * Block);

    // Baseline, level 1, one reference; the size in blocks, less one. Then one picture's parameters, with control of deblocking.
    private static readonly byte[] Sequence =
        [0x67, .. new HighBits()
            .Write(0x42C00A, 24).Code(0, 0, 2, 1).Write(0, 1).Code(Width / Block - 1, Height / Block - 1).Write(0b1100, 4).End()];

    private static readonly byte[] Parameters =
        [0x68, .. new HighBits().Code(0, 0).Write(0, 2).Code(0, 0, 0).Write(0, 3).Code(0, 0, 0).Write(0b100, 3).End()];

    /// <summary>The decoder's configuration, as in an avcC box.</summary>
    public static byte[] Configuration =>
        [1, 0x42, 0xC0, 0x0A, 0xFF, 0xE1, 0, (byte)Sequence.Length, .. Sequence, 1, 0, (byte)Parameters.Length, .. Parameters];

    /// <summary>Each with its length before it.</summary>
    public static byte[][] Pictures(Mosaic mosaic, int count) =>
        [Measured(0x65, Still(mosaic)), .. Enumerable.Range(1, count - 1).Select(number => Measured(0x41, Repeated(number)))];

    private static byte[] Measured(byte type, byte[] slice)
    {
        int length = slice.Length + 1;
        return [0, (byte)(length >> 16), (byte)(length >> 8), (byte)length, type, .. slice];
    }

    private static byte[] Still(Mosaic mosaic)
    {
        // A slice of all blocks: intra, picture 0, its references kept, quantizer unchanged, no deblocking.
        var bits = new HighBits().Code(0, 7, 0).Write(0, 4).Code(0).Write(0, 2).Code(0, 1);
        for (int block = 0; block < Blocks; block++)
        {
            var (left, top) = (block % (Width / Block) * Block, block / (Width / Block) * Block);
            // Samples as they are: luma, then both colour differences at half the size.
            bits.Code(25).Align();
            for (int i = 0; i < 256; i++) bits.Write(Luma(mosaic[(left + i % 16) / Cell, (top + i / 16) / Cell]), 8);
            for (int i = 0; i < 64; i++) bits.Write(Blue(mosaic[(left + i % 8 * 2) / Cell, (top + i / 8 * 2) / Cell]), 8);
            for (int i = 0; i < 64; i++) bits.Write(Red(mosaic[(left + i % 8 * 2) / Cell, (top + i / 8 * 2) / Cell]), 8);
        }
        return bits.End();
    }

    // Predicted; all blocks are skipped.
    private static byte[] Repeated(int number) =>
        new HighBits().Code(0, 5, 0).Write(number % 16, 4).Write(0, 3).Code(0, 1).Code(Blocks).End();

    // ITU-R BT.601, from 16 to 240, so that no run of zeros looks like the start of a unit.
    private static int Luma((byte R, byte G, byte B) colour) => 16 + (66 * colour.R + 129 * colour.G + 25 * colour.B) / 256;

    private static int Blue((byte R, byte G, byte B) colour) => 128 + (-38 * colour.R - 74 * colour.G + 112 * colour.B) / 256;

    private static int Red((byte R, byte G, byte B) colour) => 128 + (112 * colour.R - 94 * colour.G - 18 * colour.B) / 256;

    /// <summary>Bits written from the highest.</summary>
    private sealed class HighBits
    {
        private readonly List<byte> _bytes = [];
        private ulong _bits;
        private int _count;

        public HighBits Write(int value, int length)
        {
            _bits = _bits << length | (uint)value;
            for (_count += length; _count >= 8; _count -= 8) _bytes.Add((byte)(_bits >> (_count - 8)));
            return this;
        }

        /// <summary>Numbers in Exp-Golomb codes.</summary>
        public HighBits Code(params ReadOnlySpan<int> values)
        {
            foreach (int value in values) Write(value + 1, 2 * BitOperations.Log2((uint)value + 1) + 1);
            return this;
        }

        public HighBits Align() => Write(0, (8 - _count) % 8);

        public byte[] End() => [.. Write(1, 1).Align()._bytes];
    }
}
