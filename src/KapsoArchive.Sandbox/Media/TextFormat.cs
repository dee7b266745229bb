namespace KapsoArchive.Sandbox.Media;

/// <summary>A text file: two templates, in which <c>$</c> stands for the file's number, and lines that pad it.</summary>
internal sealed class TextFormat(string contentType, string head, string tail, string before, string after) : MediaFormat(contentType)
{
    public static TextFormat Vcard { get; } = new(
        "text/vcard",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Contact $\r\nN:$;Contact;;;\r\nTEL;TYPE=CELL:+52155500$\r\nUID:#\r\n",
        "END:VCARD\r\n",
        "X-PADDING:", "\r\n");

    /// <summary>With a script, which nobody should run.</summary>
    public static TextFormat Svg { get; } = new(
        "image/svg+xml",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"80\"><script>alert(1)</script><text y=\"50\">$</text><!--#-->\n",
        "</svg>\n",
        "<!--", "-->");

    /// <inheritdoc cref="Svg"/>
    public static TextFormat Html { get; } = new(
        "text/html", "<!doctype html><title>$</title><script>alert(1)</script><p>Document $<!--#-->\n", "</p>\n", "<!--", "-->");

    /// <summary>Bytes of no known format.</summary>
    public static TextFormat Unknown { get; } = new("application/octet-stream", "\u0001\u0002 $ #\n", "\u0003", "", "");

    public override (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks) =>
        (Encoding.ASCII.GetBytes(head.Replace("$", $"{Mosaic.NumberOf(seed):0000}", StringComparison.Ordinal)
            .Replace("#", $"{seed:x16}", StringComparison.Ordinal)), Encoding.ASCII.GetBytes(tail));

    public override void WriteBlock(ulong seed, long index, Span<byte> block)
    {
        Encoding.ASCII.GetBytes(before, block);
        Fill(seed, index, block[before.Length..^after.Length]);
        Encoding.ASCII.GetBytes(after, block[^after.Length..]);
    }
}
