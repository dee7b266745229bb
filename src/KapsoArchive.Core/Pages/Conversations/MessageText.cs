namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes text as people typed it, in the direction of its script and without active characters. Very long text is
/// collapsed.</summary>
internal static class MessageText
{
    private const int Longest = 10_000;
    private const int Beginning = 1_000;

    /// <summary>Writes nothing for null or empty text.</summary>
    public static void Write(HtmlWriter html, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        string shown = VisibleText.Of(text);
        if (shown.Length <= Longest)
        {
            Block(html, shown);
            return;
        }

        Block(html, $"{VisibleText.Beginning(shown, Beginning)}…");
        using (html.Element("details"))
        {
            html.Element("summary", null, string.Create(CultureInfo.InvariantCulture, $"All {shown.Length:N0} characters"));
            Block(html, shown);
        }
    }

    /// <summary>Writes JSON as sent, collapsed.</summary>
    public static void Data(HtmlWriter html, string? json)
    {
        if (json is null or "" or "{}")
            return;
        using (html.Element("details"))
        {
            html.Element("summary", null, "Data as sent");
            using (html.Element("pre"))
            {
                html.Attribute("dir", "ltr");
                html.Text(VisibleText.Of(json));
            }
        }
    }

    private static void Block(HtmlWriter html, string shown)
    {
        using (html.Element("div", "text"))
        {
            html.Attribute("dir", "auto");
            html.Text(shown);
        }
    }
}
