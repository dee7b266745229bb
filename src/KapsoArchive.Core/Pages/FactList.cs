namespace KapsoArchive.Core.Pages;

/// <summary>Names with values: as a list of facts, or as figures side by side.</summary>
public static class FactList
{
    /// <param name="styleClass"><c>facts</c> or <c>figures</c>, of the shared style sheet.</param>
    /// <param name="facts">Facts without a value are omitted.</param>
    public static void Write(HtmlWriter html, string styleClass, params IEnumerable<(string Name, string? Value)> facts)
    {
        using (html.Element("dl", styleClass))
        {
            foreach ((string name, string? value) in facts)
            {
                if (string.IsNullOrEmpty(value))
                    continue;
                if (styleClass == "figures")
                {
                    using (html.Element("div"))
                        Fact(html, name, value);
                }
                else
                {
                    Fact(html, name, value);
                }
            }
        }

        html.Constant("\n");
    }

    private static void Fact(HtmlWriter html, string name, string value)
    {
        html.Element("dt", null, name);
        using (html.Element("dd"))
            html.Element("bdi", null, VisibleText.Of(value));
    }
}
