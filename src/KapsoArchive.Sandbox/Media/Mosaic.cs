namespace KapsoArchive.Sandbox.Media;

/// <summary>A picture of square cells: a number of four digits on a coloured pattern. Each file format writes it in its own way.</summary>
internal sealed class Mosaic
{
    public const int Width = 32;
    public const int Height = 20;

    /// <summary>The pixels of a cell, in each direction.</summary>
    public const int Cell = 8;

    private const int DigitWidth = 5;
    private const int DigitHeight = 7;
    private const int Left = 4;
    private const int Top = 6;

    // Five cells wide, seven high; a bit is a cell, the highest is the first.
    private static readonly long[] Digits =
    [
        0b01110_10001_10011_10101_11001_10001_01110, 0b00100_01100_00100_00100_00100_00100_01110,
        0b01110_10001_00001_00010_00100_01000_11111, 0b11110_00001_00001_01110_00001_00001_11110,
        0b00010_00110_01010_10010_11111_00010_00010, 0b11111_10000_11110_00001_00001_10001_01110,
        0b00110_01000_10000_11110_10001_10001_01110, 0b11111_00001_00010_00100_01000_01000_01000,
        0b01110_10001_10001_01110_10001_10001_01110, 0b01110_10001_10001_01111_00001_00010_01100,
    ];

    private readonly (byte R, byte G, byte B)[] _cells = new (byte R, byte G, byte B)[Width * Height];

    public Mosaic(ulong seed)
    {
        Number = NumberOf(seed);
        var (dark, light) = (Colour(Scramble.Bits(seed, 1), [1, 4, 9]), Colour(Scramble.Bits(seed, 2), [6, 11, 15]));
        int pattern = Scramble.Below(Scramble.Bits(seed, 3), 4);
        for (int i = 0; i < _cells.Length; i++) _cells[i] = Paint(i % Width, i / Width, pattern, dark, light);
    }

    /// <summary>The shown number, 0 to 9999.</summary>
    public int Number { get; }

    /// <summary>A colour of 16 levels a channel, each a multiple of 17.</summary>
    public (byte R, byte G, byte B) this[int x, int y] => _cells[y * Width + x];

    public static int NumberOf(ulong seed) => Scramble.Below(seed, 10_000);

    private static (int R, int G, int B) Colour(ulong bits, int[] levels)
    {
        var places = new Permutation(bits, 3);
        return (levels[places[0]], levels[places[1]], levels[places[2]]);
    }

    private (byte R, byte G, byte B) Paint(int x, int y, int pattern, (int R, int G, int B) dark, (int R, int G, int B) light)
    {
        if (IsDigit(x - Left, y - Top)) return (255, 255, 255);
        bool isAround = x >= Left - 1 && x < Width - Left && y >= Top - 1 && y <= Top + DigitHeight;
        int mixed = isAround ? 0 : pattern switch
        {
            0 => (x + y) % 8,
            1 => (x / 4 + y / 4) % 2 * 7,
            2 => y * 7 / Height,
            _ => ((x - 16) * (x - 16) + (y - 10) * (y - 10)) / 24 % 8,
        };
        return (Mix(dark.R, light.R, mixed), Mix(dark.G, light.G, mixed), Mix(dark.B, light.B, mixed));
    }

    private static byte Mix(int from, int to, int eighths) => (byte)((from + (to - from) * eighths / 8) * 17);

    private bool IsDigit(int x, int y)
    {
        if (x is < 0 or >= 4 * (DigitWidth + 1) || y is < 0 or >= DigitHeight || x % (DigitWidth + 1) == DigitWidth) return false;
        int digit = Number / (int)Math.Pow(10, 3 - x / (DigitWidth + 1)) % 10;
        int bit = DigitWidth * DigitHeight - 1 - y * DigitWidth - x % (DigitWidth + 1);
        return (Digits[digit] >> bit & 1) == 1;
    }
}
