namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>The list of an export's conversations, each with a link to its first document.</summary>
internal static class ConversationListDocument
{
    public static void Write(HtmlWriter html, string exportId, string source, string period,
        IReadOnlyList<(ConversationHead Head, int Messages, DateTimeOffset? Last)> conversations)
    {
        using (HtmlShell.Begin(html, new HtmlHead($"Conversations of export {exportId}") { Style = HtmlStyle.Conversation }))
        {
            html.Element("p", "kicker", "WhatsApp archive · export");
            html.Element("h1", null, Quantity.Of(conversations.Count, "conversation"));
            html.Element("p", "lead",
                $"{Quantity.Of(conversations.Sum(c => (long)c.Messages), "message")}. Export {exportId}.");
            FactList.Write(html, "facts", ("Requested period", period), ("Source", source));
            using (DataTable.Region(html, "Conversations"))
            {
                using (html.Element("table"))
                {
                    html.Constant("""<thead><tr><th scope="col">Conversation</th><th scope="col" class="number">Messages</th>"""
                        + """<th scope="col">Last message</th><th scope="col">Outcome</th></tr></thead>""");
                    using (html.Element("tbody"))
                    {
                        foreach ((ConversationHead head, int messages, DateTimeOffset? last) in conversations)
                            Row(html, head, messages, last);
                    }
                }
            }
        }
    }

    private static void Row(HtmlWriter html, ConversationHead head, int messages, DateTimeOffset? last)
    {
        using (html.Element("tr"))
        {
            using (html.Element("th", "fold"))
            {
                html.Attribute("scope", "row");
                using (html.Element("a"))
                {
                    html.Attribute("href", $"{head.Folder}/index.html");
                    html.Element("bdi", null, head.Name);
                }

                if (head.PhoneNumber is { } number && VisibleText.Line(number) != head.Name)
                    html.Element("small", "below", VisibleText.Line(number));
            }

            html.Element("td", "number", messages.ToString("N0", CultureInfo.InvariantCulture));
            html.Element("td", null, last?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "–");
            using (html.Element("td"))
            {
                Badge.Write(html, head.IsComplete ? BadgeTone.Good : BadgeTone.Warning, head.Outcome);
                if (head.Provenance is { } provenance)
                    html.Element("small", "below", provenance);
            }
        }

        html.Constant("\n");
    }
}
