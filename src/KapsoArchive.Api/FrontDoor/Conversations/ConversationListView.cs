using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>The page that lists the archive's conversations.</summary>
/// <param name="findsMessages">Whether the host searches text across conversations.</param>
internal sealed class ConversationListView(
    HtmlWriter html, FormElements parts, ReadingAddresses addresses, ReadingZone zone, bool findsMessages)
{
    public const int PageSize = 100;

    public void Write(ArchiveView archive, ListChoice choice, ConversationList list)
    {
        html.Element("h1", null, choice.Text.Length > 0 || choice.Outcome.Length > 0
            ? $"{Quantity.Of(list.Total, "conversation")} found"
            : Quantity.Of(list.Total, "conversation"));
        html.Element("p", "lead", $"In the archive as of {ReadingAddresses.Time(archive.Newest.FinishedAt, zone)}.");
        Search(choice);
        if (list.Conversations.Count > 0)
            Table(list);
        else
            html.Element("p", "empty", "None. A name is found by the beginnings of its words, a number by its last digits, an id by its " +
                "first characters.");
        Pages(choice, list.Total);
    }

    /// <summary>Writes the form that searches.</summary>
    public void Search(ListChoice choice)
    {
        using (parts.Form("search", addresses.List))
        {
            using (html.Element("div", "wide"))
            {
                if (findsMessages)
                    html.Constant("""<label for="text">Name, number, id, or words of a message</label>""");
                else
                    html.Constant("""<label for="text">Name, number or id</label>""");
                html.Void("input");
                html.Attribute("id", "text");
                html.Attribute("name", "text");
                html.Attribute("type", "search");
                html.Attribute("value", choice.Text);
                html.Attribute("autocomplete", "off");
                html.Attribute("autofocus");
            }

            if (findsMessages)
                Select("in", "In", ListChoice.Areas, choice.Area);
            Select("outcome", "Outcome", ListChoice.Outcomes, choice.Outcome);
            Select("sort", "Sorted by", ListChoice.Orders, choice.Sort);
            html.Constant("<button>Search</button>");
        }
    }

    private void Select(string name, string label, IEnumerable<(string Value, string Text)> options, string chosen)
    {
        using (html.Element("div"))
            parts.Select(name, label, options, chosen);
    }

    private void Table(ConversationList list)
    {
        using (DataTable.Region(html, "Conversations"))
        {
            using (html.Element("table"))
            {
                html.Constant("""<thead><tr><th scope="col">Conversation</th><th scope="col" class="number">Messages</th>"""
                    + """<th scope="col">Last message</th><th scope="col">Outcome</th></tr></thead>""");
                using (html.Element("tbody"))
                {
                    foreach (ArchivedConversation conversation in list.Conversations)
                        Row(conversation);
                }
            }
        }
    }

    private void Row(ArchivedConversation conversation)
    {
        string title = VisibleText.Line(conversation.Title);
        using (html.Element("tr"))
        {
            using (html.Element("th", "fold"))
            {
                html.Attribute("scope", "row");
                using (html.Element("a"))
                {
                    html.Attribute("href", addresses.Conversation(conversation.ConversationId));
                    html.Element("bdi", null, title);
                }

                string[] names = [.. new[] { conversation.PhoneNumber, conversation.Username }
                    .Where(n => !VisibleText.IsBlank(n)).Select(VisibleText.Line).Where(n => n != title)];
                if (names.Length > 0)
                {
                    using (html.Element("small", "below"))
                        html.Element("bdi", null, string.Join(" · ", names));
                }
            }

            html.Element("td", "number", UiText.Number(conversation.Messages));
            html.Element("td", null, conversation.LastMessageAt is { } last
                ? zone.Local(last).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "–");
            using (html.Element("td"))
                Badge.Write(html, ConversationView.ToneOf(conversation.Outcome), conversation.Outcome);
        }
    }

    private void Pages(ListChoice choice, int total)
    {
        int last = Math.Max(1, (total + PageSize - 1) / PageSize);
        if (last == 1)
            return;
        using (html.Element("nav"))
        {
            html.Attribute("aria-label", "Pages");
            using (html.Element("ul", "pages"))
            {
                Turn(choice with { Page = choice.Page - 1 }, choice.Page > 1, "← Previous", null);
                html.Element("li", "here", $"Page {UiText.Number(choice.Page)} of {UiText.Number(last)}");
                Turn(choice with { Page = choice.Page + 1 }, choice.Page < last, "Next →", "next");
            }
        }
    }

    private void Turn(ListChoice choice, bool isThere, string text, string? styleClass)
    {
        if (!isThere)
            return;
        using (html.Element("li", styleClass))
        {
            if (choice.Text.Length == 0)
            {
                html.Link(addresses.ListOf(choice), text);
                return;
            }

            using (parts.Form(action: addresses.List))
            {
                foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)
                    [("text", choice.Text), ("outcome", choice.Outcome), ("sort", choice.Sort)])
                    parts.Hidden(name, value);
                parts.Button("page", $"{choice.Page}", text, "link");
            }
        }
    }
}
