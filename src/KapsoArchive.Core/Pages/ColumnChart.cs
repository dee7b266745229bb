namespace KapsoArchive.Core.Pages;

/// <summary>A column chart of counts along an axis, such as days, with the same counts in a collapsed table. A short axis gives a plain
/// table.</summary>
public static class ColumnChart
{
    private const int Fewest = 10;
    private const int Height = 120;
    private const int Step = 10;

    /// <param name="caption">What is counted, by what.</param>
    /// <param name="name">The heading of the axis values.</param>
    /// <param name="count">The heading of the counts.</param>
    /// <param name="columns">The counts from left to right, including zeros.</param>
    public static void Write(HtmlWriter html, string caption, string name, string count, IReadOnlyList<(string Name, long Count)> columns)
    {
        if (columns.Count < Fewest)
        {
            BarTable.Write(html, caption, name, count, columns);
            return;
        }

        using (html.Element("figure", "columns"))
        {
            html.Element("figcaption", null, caption);
            Columns(html, caption, columns, Math.Max(1, columns.Max(c => c.Count)));
            using (html.Element("details"))
            {
                html.Element("summary", null, "As a table");
                BarTable.Write(html, caption, name, count, [.. columns.Where(c => c.Count > 0)]);
            }
        }
    }

    private static void Columns(HtmlWriter html, string caption, IReadOnlyList<(string Name, long Count)> columns, long most)
    {
        using (html.Element("svg"))
        {
            html.Attribute("role", "img");
            html.Attribute("aria-label", string.Create(
                CultureInfo.InvariantCulture, $"{caption}, from {columns[0].Name} to {columns[^1].Name}; {most:N0} at most."));
            html.Attribute("preserveAspectRatio", "none");
            html.Attribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {columns.Count * Step} {Height}"));
            for (int i = 0; i < columns.Count; i++)
            {
                (string label, long value) = columns[i];
                if (value == 0)
                    continue;
                double height = Math.Max(1.5, (double)Height * value / most);
                using (html.Element("rect"))
                {
                    html.Attribute("x", string.Create(CultureInfo.InvariantCulture, $"{i * Step + 1}"));
                    html.Attribute("y", (Height - height).ToString("0.##", CultureInfo.InvariantCulture));
                    html.Attribute("width", string.Create(CultureInfo.InvariantCulture, $"{Step - 2}"));
                    html.Attribute("height", height.ToString("0.##", CultureInfo.InvariantCulture));
                    html.Element("title", null, string.Create(CultureInfo.InvariantCulture, $"{label}: {value:N0}"));
                }
            }
        }

        using (html.Element("div", "axis"))
        {
            html.Attribute("aria-hidden", "true");
            html.Element("span", null, columns[0].Name);
            html.Element("span", null, string.Create(CultureInfo.InvariantCulture, $"highest {most:N0}"));
            html.Element("span", null, columns[^1].Name);
        }
    }
}
