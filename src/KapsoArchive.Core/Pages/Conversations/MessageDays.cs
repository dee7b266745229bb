using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes messages by day. Disposing this closes the last day.</summary>
internal sealed class MessageDays(HtmlWriter html, BubblePlace place) : IDisposable
{
    private HtmlElement? _list;
    private string? _day;

    /// <summary>Writes who is who, and a choice that needs no script: whether to show and print the ids of the messages.</summary>
    /// <param name="customer">The other party's name.</param>
    public static void Legend(HtmlWriter html, string customer)
    {
        using (html.Element("div", "legend"))
        {
            using (html.Element("p"))
            {
                html.Text("On the left, received: from the customer, ");
                html.Element("bdi", null, VisibleText.Line(customer));
                html.Text(". On the right, sent: from the business.");
            }

            html.Constant("""<label><input type="checkbox" id="ids"> Show and print the ids of messages</label>""");
        }
    }

    /// <summary>Adds the next message.</summary>
    /// <inheritdoc cref="Bubble.Write"/>
    public void Add(ChatMessage message, int position, ChatMessage? named, params IReadOnlyList<ChatMessage> earlier)
    {
        string day = message.CreatedAt is { } time
            ? place.Zone.Local(time).ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture)
            : "Without a date";
        if (day != _day)
        {
            _list?.Dispose();
            html.Element("h2", "day", day);
            _list = html.Element("ol", "chat");
            _day = day;
        }

        Bubble.Write(html, message, position, place, named, earlier);
    }

    public void Dispose() => _list?.Dispose();
}
