using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace KapsoArchive.Tests.Documents;

/// <summary>A terminal with what a program printed, drawn as an SVG that any browser shows.</summary>
internal static partial class TerminalPicture
{
    private const double CellWidth = 7.8;
    private const int LineHeight = 19;
    private const int Margin = 20;
    private const int Bar = 34;
    private const string Prompt = "$ ";

    // Browsers draw several ordinary spaces as one.
    private const char HardSpace = '\u00a0';

    /// <param name="title">What a screen reader says of the picture.</param>
    /// <param name="lines">Lines that begin with a prompt were typed.</param>
    public static string Draw(string title, IReadOnlyList<string> lines)
    {
        int height = Bar + (lines.Count * LineHeight) + Margin;
        double width = (lines.Max(Cells) * CellWidth) + (2 * Margin);
        StringBuilder svg = new(Text($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0} {height}" role="img" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <rect width="100%" height="100%" rx="8" fill="#14201d"/>
            <circle cx="20" cy="17" r="5" fill="#e0665a"/><circle cx="38" cy="17" r="5" fill="#e2b04a"/><circle cx="56" cy="17" r="5" fill="#4fb286"/>

            """));
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].Length > 0)
                svg.Append(Text($"<text x=\"{Margin}\" y=\"{Bar + ((i + 1) * LineHeight) - 5}\" textLength=\"{Cells(lines[i]) * CellWidth:0.#}\" fill=\"{ColourOf(lines[i])}\">{Escape(lines[i])}</text>\n"));
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>What stands in a picture, line by line.</summary>
    public static IReadOnlyList<string> Read(string svg) => [.. Line().Matches(svg).Select(m => WebUtility.HtmlDecode(m.Groups["text"].Value).Replace(HardSpace, ' '))];

    private static string ColourOf(string line) => line.StartsWith(Prompt, StringComparison.Ordinal) ? "#7fe0b8" : "#dfe8e4";

    private static string Escape(string line) => line.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace(' ', HardSpace);

    private static int Cells(string line) => line.EnumerateRunes().Sum(rune => rune.IsBmp ? 1 : 2);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("<text [^>]*>(?<text>[^<]*)</text>", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
