namespace KapsoArchive.Core.Pages;

/// <summary>Writes the common beginning and end of all HTML documents.</summary>
public static class HtmlShell
{
    /// <summary>Writes the head and opens <c>main</c>.</summary>
    /// <param name="head">The document's metadata.</param>
    /// <param name="width">A class of the shared style sheet that sets the width: null for text and tables, <c>narrow</c> for conversations
    /// and forms.</param>
    public static HtmlBody Begin(HtmlWriter html, HtmlHead head, string? width = null)
    {
        html.Constant("<!doctype html>\n");
        HtmlElement root = html.Element("html");
        html.Attribute("lang", "en");
        using (html.Element("head"))
        {
            html.Constant("<meta charset=\"utf-8\">");
            html.Void("meta");
            html.Attribute("http-equiv", "Content-Security-Policy");
            html.Attribute("content", head.Policy);
            html.Constant("""<meta name="viewport" content="width=device-width, initial-scale=1">"""
                + """<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">""");
            html.Void("meta");
            html.Attribute("name", "referrer");
            html.Attribute("content", head.ReferrerPolicy);
            html.Element("title", null, head.Title);
            html.Constant("""<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"""
                + """%3Crect width='16' height='16' rx='4' fill='%230b6b57'/%3E"""
                + """%3Cpath d='M4 4.5h8M4 8h8M4 11.5h5' stroke='%23fff' stroke-width='1.6' stroke-linecap='round'/%3E%3C/svg%3E">""");
            html.Style(head.Style);
            if (head.Script is { } script)
                html.Script(script);
        }

        HtmlElement body = html.Element("body");
        html.Constant("\n");
        return new HtmlBody(root, body, html.Element("main", width));
    }
}
