using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Histories;

namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>The page that shows messages of one conversation, the newest last.</summary>
internal sealed class ConversationView(HtmlWriter html, FormElements parts, ReadingAddresses addresses, ReadingZone zone)
{
    public static BadgeTone ToneOf(string outcome) => outcome == "complete" ? BadgeTone.Good : BadgeTone.Warning;

    /// <param name="known">What the index has of the conversation; null for nothing.</param>
    public void Write(ArchiveView archive, ArchivedConversation? known, HistoryChoice choice, ConversationHistory history)
    {
        Head(archive, known, history);
        Facts(archive, known, history.ConversationId);
        Search(choice, history.ConversationId);
        if (choice.Text.Length > 0)
            html.Element("h2", null, $"{Quantity.Of(history.Matching, "message")} with “{VisibleText.Line(choice.Text)}”");
        Turn("Pages, top", choice, history, HistoryMarkup.LastOf(history));
        string title = known?.Title ?? history.ConversationId;
        HistoryMarkup.Write(
            html, history, title, zone, addresses.PagesOf(history.ConversationId), addresses.FilesOf(history.ConversationId),
            isExcerpt: choice.Text.Length > 0);
        if (history.Messages.Count == 0)
            html.Element("p", "empty", "No message matches.");
        Turn("Pages, bottom", choice, history, last: null);
        // Repeated on each sheet of paper.
        html.Element("p", "paper", $"{VisibleText.Line(title)}. Conversation "
            + $"{VisibleText.Line(history.ConversationId)}{(known is null ? "" : $", {known.Outcome}")}. Archive of "
            + $"{VisibleText.Line(archive.Newest.Source.BaseUrl)} as of run {archive.Newest.RunId}, manifest {archive.Sha256}.");
    }

    private void Head(ArchiveView archive, ArchivedConversation? known, ConversationHistory history)
    {
        using (html.Element("h1"))
            html.Element("bdi", null, VisibleText.Line(known?.Title ?? history.ConversationId));
        using (html.Element("p", "lead"))
        {
            if (known is not null)
                Badge.Write(html, ToneOf(known.Outcome), $"{char.ToUpperInvariant(known.Outcome[0])}{known.Outcome[1..]}");
            html.Text($"{Quantity.Of(history.Total, "message")}, as of {ReadingAddresses.Time(archive.Newest.FinishedAt, zone)}.");
        }

        if (known is { Outcome: "incomplete" or "failed" })
        {
            using (html.Element("div", "panel warning"))
                html.Element("p", null, "Messages may be missing: the last reading of the conversation did not end with a proof that it " +
                    "is complete. The report of the newest run says why.");
        }
        else if (known is { Outcome: "gone" })
        {
            using (html.Element("div", "panel"))
                html.Element("p", null, "Kapso no longer has this conversation. It is shown as the archive holds it.");
        }
    }

    private void Facts(ArchiveView archive, ArchivedConversation? known, string id)
    {
        FactList.Write(html, "facts", ("Phone", known?.PhoneNumber), ("User name", known?.Username));
        using (html.Element("div", "actions"))
        {
            using (html.Element("a", "button plain"))
            {
                html.Attribute("href", addresses.Export(id));
                html.Text("Export this conversation");
            }
        }

        using (html.Element("details", "proof"))
        {
            html.Element("summary", null, "Where this comes from");
            FactList.Write(html, "facts", ("Contact", known?.Name), ("Business-scoped id", known?.BusinessScopedUserId),
                ("Conversation", id), ("Source", archive.Newest.Source.BaseUrl), ("Newest run", archive.Newest.RunId),
                ("Committed", $"{archive.Newest.FinishedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC"),
                ("SHA-256 of its manifest", archive.Sha256), ("Outcome", known?.Outcome));
        }
    }

    private void Search(HistoryChoice choice, string id)
    {
        using (parts.Form("search", addresses.Conversation(id)))
        {
            using (html.Element("div", "wide"))
            {
                html.Constant("""<label for="text">Search in this conversation</label>""");
                Input("text", "search", choice.Text);
            }

            using (html.Element("div"))
            {
                html.Constant("""<label for="from">Jump to a date</label>""");
                Input("from", "date", choice.From);
            }

            using (html.Element("div"))
                parts.Select("direction", "Direction", HistoryChoice.Directions, choice.Direction);
            html.Constant("<button>Show</button>");
        }
    }

    private void Input(string name, string type, string value)
    {
        html.Void("input");
        html.Attribute("id", name);
        html.Attribute("name", name);
        html.Attribute("type", type);
        html.Attribute("value", value);
        html.Attribute("autocomplete", "off");
    }

    /// <param name="last">The address of the page's last message; null at the end of the page.</param>
    private void Turn(string label, HistoryChoice choice, ConversationHistory history, string? last)
    {
        string id = history.ConversationId;
        bool isFiltered = choice is not { Text: "", Direction: "" };
        using (html.Element("nav"))
        {
            html.Attribute("aria-label", label);
            using (html.Element("ul", "pages"))
            {
                if (history.Older is { } older)
                    Link(choice, id, "before", $"{older}", "← Older");
                html.Element("li", "here", Shown(history));
                if (history.Newer is { } newer)
                    Link(choice, id, "after", $"{newer}", "Newer →");
                if (history.Newer is not null || isFiltered)
                    Item(addresses.Conversation(id), isFiltered ? "All messages" : "Newest");
                if (last is not null)
                    Item(last, "↓ Last on this page");
            }
        }

        void Item(string address, string text)
        {
            using (html.Element("li"))
                html.Link(address, text);
        }
    }

    private static string Shown(ConversationHistory history) => history.Messages is { Count: 0 }
        ? "No messages"
        : $"{UiText.Number(history.Messages.Count)} of {Quantity.Of(history.Matching, "message")}";

    private void Link(HistoryChoice choice, string id, string place, string cursor, string text)
    {
        using (html.Element("li"))
        {
            if (choice.Text.Length == 0)
            {
                html.Link(addresses.Page(id, place, cursor, choice.Direction), text);
                return;
            }

            using (parts.Form(action: addresses.Conversation(id)))
            {
                parts.Hidden("text", choice.Text);
                parts.Hidden("direction", choice.Direction);
                parts.Button(place, cursor, text, "link");
            }
        }
    }
}
