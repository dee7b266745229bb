using KapsoArchive.Core.Messages;

namespace KapsoArchive.Mcp;

/// <summary>Prepares text of others for a model: nothing in it is invisible, no link leads to a customer's file, and its size is bounded.
/// A model reads what people do not see, such as the tag characters of Unicode, so these are shown by number.</summary>
internal static class AgentText
{
    /// <summary>Most characters of a name.</summary>
    private const int MostOfLine = 200;

    /// <summary>Emoji and many scripts have single joiners, selectors and marks; longer sequences can spell something.</summary>
    private const int MostInvisible = 2;

    /// <summary>The tag characters, and the supplementary variation selectors.</summary>
    private const int FirstTag = 0xe0000;

    /// <summary>A text of several lines.</summary>
    public static string Of(string? text)
    {
        string visible = MediaLinks.Without(VisibleText.Of(text));
        var shown = new StringBuilder(visible.Length);
        int invisible = 0;
        foreach (Rune rune in visible.EnumerateRunes())
        {
            invisible = VisibleText.IsInvisible(rune) ? invisible + 1 : 0;
            if (invisible > MostInvisible || (invisible > 0 && rune.Value >= FirstTag))
                shown.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]");
            else
                shown.Append(rune.ToString());
        }

        return shown.ToString();
    }

    /// <summary>The beginning of a text of several lines.</summary>
    public static string Beginning(string? text, int length) => VisibleText.Beginning(Of(text), length);

    /// <inheritdoc cref="Line"/>
    public static string? LineOrNull(string? text) => text is null ? null : Line(text);

    /// <summary>A name or another short text, on one line.</summary>
    public static string Line(string? text)
    {
        string line = Of(VisibleText.Line(text));
        return line.Length <= MostOfLine ? line : $"{VisibleText.Beginning(line, MostOfLine)}…";
    }
}
