namespace KapsoArchive.Sandbox.Media;

/// <summary>A file format: writes a small valid file, and blocks that make it larger without changing what it shows.</summary>
internal abstract class MediaFormat(string contentType)
{
    private const int LargestBlock = 60_000;

    private static readonly byte[] Filler = MakeFiller();

    private static readonly Dictionary<string, MediaFormat> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        ["jpeg"] = new JpegFormat(),
        ["jpg"] = new JpegFormat(),
        ["png"] = new PngFormat(),
        ["webp"] = new WebpFormat(),
        ["ogg"] = new OggFormat(),
        ["mp3"] = new Mp3Format(),
        ["mp4"] = new Mp4Format(),
        ["pdf"] = new PdfFormat(),
        ["vcf"] = TextFormat.Vcard,
        ["svg"] = TextFormat.Svg,
        ["html"] = TextFormat.Html,
        ["bin"] = TextFormat.Unknown,
    };

    public string ContentType { get; } = contentType;

    /// <summary>The format of a file name's extension; null if unknown.</summary>
    public static MediaFormat? Find(string fileName) => ByExtension.GetValueOrDefault(Path.GetExtension(fileName).TrimStart('.'));

    /// <summary>What comes before and after the blocks. The lengths depend on the seed only.</summary>
    /// <param name="seed">Decides the content.</param>
    /// <param name="padding">The bytes of all blocks.</param>
    /// <param name="blocks">The number of blocks.</param>
    public abstract (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks);

    /// <summary>The largest even size of a block that fits; 0 if none does.</summary>
    public virtual int Fit(long room) => room < 64 ? 0 : (int)Math.Min(room, LargestBlock) & ~1;

    /// <summary>Fills a block that <see cref="Fit"/> sized.</summary>
    public abstract void WriteBlock(ulong seed, long index, Span<byte> block);

    /// <summary>Writes visible ASCII characters that differ from block to block and from file to file.</summary>
    protected static void Fill(ulong seed, long index, Span<byte> bytes)
    {
        Filler.AsSpan(0, bytes.Length).CopyTo(bytes);
        System.Buffers.Text.Utf8Formatter.TryFormat(Scramble.Bits(seed, (ulong)index), bytes, out _, new('x', 16));
    }

    private static byte[] MakeFiller()
    {
        byte[] filler = new byte[LargestBlock];
        for (int i = 0; i < filler.Length; i++) filler[i] = (byte)('A' + Scramble.Below(Scramble.Bits((ulong)i), 26));
        return filler;
    }
}
