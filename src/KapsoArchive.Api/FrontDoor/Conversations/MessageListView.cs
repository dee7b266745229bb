using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Inspection.Search;

namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>The page that lists messages with a text, of all conversations. Each leads to its place among the others.</summary>
internal sealed class MessageListView(HtmlWriter html, ReadingAddresses addresses, ReadingZone zone)
{
    /// <summary>The most messages on the page.</summary>
    public const int Most = 100;

    /// <param name="search">Writes the form that searches.</param>
    public void Write(ArchiveView archive, MessageMatches found, Action search)
    {
        html.Element("h1", null, $"{Quantity.Of(found.Total, "message")} found");
        string shown = found.Total > found.Messages.Count ? $" The newest {UiText.Number(found.Messages.Count)}." : "";
        html.Element("p", "lead", $"In the archive as of {ReadingAddresses.Time(archive.Newest.FinishedAt, zone)}.{shown}");
        search();
        if (found.Messages.Count == 0)
        {
            html.Element("p", "empty", "None. Case, accents and script do not matter.");
            return;
        }

        using (DataTable.Region(html, "Messages"))
        {
            using (html.Element("table"))
            {
                html.Constant("""<thead><tr><th scope="col">Message</th><th scope="col">Conversation</th><th scope="col">Time</th></tr>"""
                    + "</thead>");
                using (html.Element("tbody"))
                {
                    foreach (MessageMatch match in found.Messages)
                        Row(match, archive.Directory.Find(match.ConversationId)?.Title ?? match.ConversationId);
                }
            }
        }
    }

    private void Row(MessageMatch match, string with)
    {
        using (html.Element("tr"))
        {
            using (html.Element("th", "fold"))
            {
                html.Attribute("scope", "row");
                using (html.Element("a"))
                {
                    html.Attribute("href", match.CreatedAt is { } at
                        ? addresses.Page(match.ConversationId, "after", $"{HistoryCursor.At(at)}", "")
                        : addresses.Conversation(match.ConversationId));
                    html.Element("bdi", null, VisibleText.Line(match.Snippet));
                }
            }

            using (html.Element("td"))
            {
                html.Text(match.Direction == "outbound" ? "to " : "from ");
                html.Element("bdi", null, VisibleText.Line(with));
            }

            html.Element("td", null, match.CreatedAt is { } time
                ? zone.Local(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "–");
        }
    }
}
