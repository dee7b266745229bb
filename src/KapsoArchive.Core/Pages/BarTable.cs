namespace KapsoArchive.Core.Pages;

/// <summary>Counts by name, as a table with bars in its rows. It remains a table when read aloud, printed or shown without
/// colours.</summary>
public static class BarTable
{
    /// <param name="caption">The table's caption: what is counted, by what.</param>
    /// <param name="name">The heading of the names.</param>
    /// <param name="count">The heading of the counts.</param>
    /// <param name="rows">The counts, in display order.</param>
    public static void Write(HtmlWriter html, string caption, string name, string count, IReadOnlyList<(string Name, long Count)> rows)
    {
        long most = Math.Max(1, rows.Max(r => (long?)r.Count) ?? 1);
        using (html.Element("table", "bars"))
        {
            html.Element("caption", null, caption);
            using (html.Element("thead"))
            using (html.Element("tr"))
            {
                Head(html, name, null);
                Head(html, count, "number");
                using (html.Element("td", "bar"))
                {
                }
            }

            using (html.Element("tbody"))
            {
                foreach ((string label, long value) in rows)
                    Row(html, label, value, most);
            }
        }
    }

    private static void Head(HtmlWriter html, string text, string? styleClass)
    {
        using (html.Element("th", styleClass))
        {
            html.Attribute("scope", "col");
            html.Text(text);
        }
    }

    private static void Row(HtmlWriter html, string label, long value, long most)
    {
        using (html.Element("tr"))
        {
            using (html.Element("th"))
            {
                html.Attribute("scope", "row");
                html.Element("bdi", null, label);
            }

            html.Element("td", "number", value.ToString("N0", CultureInfo.InvariantCulture));
            using (html.Element("td", "bar"))
            using (html.Element("svg"))
            {
                html.Attribute("aria-hidden", "true");
                html.Attribute("preserveAspectRatio", "none");
                html.Attribute("viewBox", "0 0 100 1");
                using (html.Element("rect"))
                {
                    html.Attribute("width", (100.0 * value / most).ToString("0.##", CultureInfo.InvariantCulture));
                    html.Attribute("height", "1");
                }
            }
        }
    }
}
