namespace KapsoArchive.Sandbox.Media;

/// <summary>PDF 1.4: a page with a number. Comments pad it.</summary>
internal sealed class PdfFormat() : MediaFormat("application/pdf")
{
    public override (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks)
    {
        string text = $"0.2 0.4 0.7 rg 0 180 300 20 re f 0 g BT /F 36 Tf 40 100 Td (No. {Mosaic.NumberOf(seed):0000}) Tj ET";
        string[] objects =
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            $"<</Length {text.Length}>>stream\n{text}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ];
        var head = new StringBuilder($"%PDF-1.4\n%{seed:x16}\n");
        var references = new StringBuilder($"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        for (int i = 0; i < objects.Length; i++)
        {
            references.Append(CultureInfo.InvariantCulture, $"{head.Length:0000000000} 00000 n \n");
            head.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        references.Append(CultureInfo.InvariantCulture,
            $"trailer\n<</Size {objects.Length + 1}/Root 1 0 R>>\nstartxref\n{head.Length + padding:0000000000}\n%%EOF\n");
        return (Encoding.ASCII.GetBytes(head.ToString()), Encoding.ASCII.GetBytes(references.ToString()));
    }

    public override void WriteBlock(ulong seed, long index, Span<byte> block)
    {
        block[0] = (byte)'%';
        Fill(seed, index, block[1..^1]);
        block[^1] = (byte)'\n';
    }
}
