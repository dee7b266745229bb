namespace KapsoArchive.Api.FrontDoor;

/// <summary>Writes forms and links. A form is used if a link would lack the visitor's key. A form without an action is sent to the page's
/// own address, including its query.</summary>
internal sealed class FormElements(HtmlWriter html, Visitor visitor)
{
    /// <summary>A form with the token that proves its origin.</summary>
    public HtmlElement Form(string? styleClass = null, string? action = null)
    {
        HtmlElement form = html.Element("form", styleClass);
        html.Attribute("method", "post");
        html.Attribute("action", action);
        if (visitor.Token is { } token)
            Hidden(Visitor.TokenField, token);
        return form;
    }

    public void Hidden(string name, string value)
    {
        html.Void("input");
        html.Attribute("type", "hidden");
        html.Attribute("name", name);
        html.Attribute("value", value);
    }

    /// <param name="id">Lets the script restore the focus after a refresh.</param>
    /// <param name="label">The accessible name; null if the text is clear enough.</param>
    public void Button(string name, string value, string text, string? styleClass = null, string? id = null, string? label = null)
    {
        using (html.Element("button", styleClass))
        {
            html.Attribute("id", id);
            html.Attribute("name", name);
            html.Attribute("value", value);
            html.Attribute("aria-label", label);
            html.Text(text);
        }
    }

    /// <summary>A menu with its label.</summary>
    public void Select(string name, string label, IEnumerable<(string Value, string Text)> options, string chosen)
    {
        using (html.Element("label"))
        {
            html.Attribute("for", name);
            html.Text(label);
        }

        using (html.Element("select"))
        {
            html.Attribute("id", name);
            html.Attribute("name", name);
            foreach ((string value, string text) in options)
                Option(html, value, text, value == chosen);
        }
    }

    public static void Option(HtmlWriter html, string value, string text, bool isChosen)
    {
        using (html.Element("option"))
        {
            html.Attribute("value", value);
            html.Attribute("selected", isChosen ? "" : null);
            html.Text(text);
        }
    }

    public void Report(string runId, string text, string id) => Lead($"runs/{runId}/report", text, id, ("do", "report"), ("id", runId));

    public void File(string exportId, string path, string text, string id) =>
        Lead($"exports/{exportId}/files/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}", text, id, ("do", "file"),
            ("id", exportId), ("path", path));

    private void Lead(string address, string text, string id, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        if (visitor.HasLinks)
        {
            using (html.Element("a"))
            {
                html.Attribute("id", id);
                html.Attribute("href", address);
                html.Text(text);
            }

            return;
        }

        using (Form())
        {
            foreach ((string name, string value) in fields[..^1])
                Hidden(name, value);
            Button(fields[^1].Name, fields[^1].Value, text, "link", id);
        }
    }
}
