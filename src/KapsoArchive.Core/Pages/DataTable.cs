namespace KapsoArchive.Core.Pages;

/// <summary>A table that scrolls within itself on a narrow screen, also with the keyboard.</summary>
public static class DataTable
{
    /// <summary>In a cell: what follows appears below, in small type.</summary>
    public const char Below = '\u001f';

    /// <param name="label">The accessible name, for people who cannot see the table.</param>
    /// <param name="columns">Headings, each with a class of the shared style sheet for its cells: <c>number</c>, <c>fold</c>, <c>mono</c>,
    /// or null.</param>
    /// <param name="rows">The cells, as texts.</param>
    public static void Write(HtmlWriter html, string label, IReadOnlyList<(string Heading, string? StyleClass)> columns,
        IEnumerable<IReadOnlyList<string?>> rows)
    {
        using (Region(html, label))
        {
            using (html.Element("table"))
            {
                using (html.Element("thead"))
                using (html.Element("tr"))
                {
                    foreach ((string heading, string? styleClass) in columns)
                    {
                        using (html.Element("th", styleClass))
                        {
                            html.Attribute("scope", "col");
                            html.Text(heading);
                        }
                    }
                }

                using (html.Element("tbody"))
                {
                    foreach (IReadOnlyList<string?> row in rows)
                        Row(html, columns, row);
                }
            }
        }

        html.Constant("\n");
    }

    /// <summary>Begins the region in which a table scrolls.</summary>
    /// <param name="label">See <see cref="Write"/>.</param>
    public static HtmlElement Region(HtmlWriter html, string label)
    {
        HtmlElement region = html.Element("div", "scroll");
        html.Attribute("tabindex", "0");
        html.Attribute("role", "region");
        html.Attribute("aria-label", label);
        return region;
    }

    private static void Row(HtmlWriter html, IReadOnlyList<(string Heading, string? StyleClass)> columns, IReadOnlyList<string?> row)
    {
        using (html.Element("tr"))
        {
            for (int i = 0; i < columns.Count; i++)
            {
                using (html.Element("td", columns[i].StyleClass))
                {
                    string[] lines = (row[i] ?? "").Split(Below, 2);
                    html.Element("bdi", null, VisibleText.Of(lines[0]));
                    if (lines.Length > 1)
                        html.Element("small", "mono below", VisibleText.Of(lines[1]));
                }
            }
        }
    }
}
