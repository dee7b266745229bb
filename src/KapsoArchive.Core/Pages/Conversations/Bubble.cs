using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes one message as a chat bubble: its content, time, delivery status and reactions.</summary>
internal static class Bubble
{
    private const int MostOfReaction = 16; // The full reaction appears as a message of its own.
    private const int MostOfQuote = 160;

    /// <param name="position">Its number in the conversation; the first is 1.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="named">The message that it names, if the conversation has it.</param>
    /// <param name="earlier">Its earlier versions, oldest first.</param>
    public static void Write(
        HtmlWriter html, ChatMessage message, int position, BubblePlace place, ChatMessage? named,
        params IReadOnlyList<ChatMessage> earlier)
    {
        bool isNote = message.Type is "system" or "reaction";
        using (html.Element("li", isNote ? "note" : message.IsOutbound ? "out" : null))
        {
            html.Attribute("id", ConversationBook.AnchorOf(position));
            using (html.Element("div", "bubble"))
            {
                var reference = MessageReference.Of(message);
                if (reference is { IsQuote: true })
                    ReferTo(html, reference, place, named);
                MessageBody.Write(html, message, place);
                if (reference is { IsQuote: false })
                    ReferTo(html, reference, place, named: null);
                Meta(html, message, place, position);
                html.Element("p", "id", VisibleText.Line(message.Id));
                if (place.Book.VersionsOf(position) is { } versions)
                    MessageHistory.Write(html, message, versions, earlier);
            }

            if (place.Book.ReactionsTo(position) is { Count: > 0 } reactions)
                Reactions(html, reactions);
        }

        html.Constant("\n");
    }

    private static void ReferTo(HtmlWriter html, MessageReference reference, BubblePlace place, ChatMessage? named)
    {
        using (html.Element("p", reference.IsQuote ? "quote" : "kind"))
        {
            if (place.Book.PositionOf(reference.Target) is not { } position)
            {
                html.Text($"{reference.Words} a message that is not in {place.Whole}");
                return;
            }

            html.Text($"{reference.Words} ");
            html.Link(place.AddressOf(position), string.Create(CultureInfo.InvariantCulture, $"message {position:N0}"));

            if (named is null)
                return;
            string quoted = MessageLine.Of(named);
            if (quoted.Length > MostOfQuote)
                quoted = $"{VisibleText.Beginning(quoted, MostOfQuote)}…";
            html.Text(": ");
            html.Element("q", null, VisibleText.Line(quoted));
        }
    }

    private static void Meta(HtmlWriter html, ChatMessage message, BubblePlace place, int position)
    {
        using (html.Element("p", "meta"))
        {
            html.Element("span", "vh who", message.Direction switch
            {
                "inbound" => "Received ",
                "outbound" => "Sent ",
                { Length: > 0 } other => $"{VisibleText.Line(other)} ",
                _ => "",
            });
            if (place.HasLinkedTimes)
            {
                using (html.Element("a"))
                {
                    html.Attribute("href", place.AddressOf(position));
                    Time(html, message.CreatedAt, place.Zone);
                }
            }
            else if (message.CreatedAt is not null)
            {
                Time(html, message.CreatedAt, place.Zone);
            }

            Status(html, message);
        }
    }

    private static void Time(HtmlWriter html, DateTimeOffset? when, ReadingZone zone)
    {
        if (when is not { } time)
        {
            html.Text("Without a time");
            return;
        }

        using (html.Element("time"))
        {
            html.Attribute("datetime", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
            html.Text(zone.Local(time).ToString("HH:mm", CultureInfo.InvariantCulture));
        }

        if (zone.UtcBeside(time) is { Length: > 0 } beside)
            html.Element("span", null, $" · {beside}");
    }

    /// <summary>The delivery status of a sent message; of a received one only a failure.</summary>
    private static void Status(HtmlWriter html, ChatMessage message)
    {
        if (message.Status is not { Length: > 0 } status || (!message.IsOutbound && status != "failed"))
            return;
        (string styleClass, string sign) = status switch
        {
            "sent" => ("ticks", "✓"),
            "delivered" => ("ticks", "✓✓"),
            "read" => ("ticks read", "✓✓"),
            "pending" => ("", "◷"),
            "failed" => ("failed", "✗ "),
            _ => ("", ""),
        };
        html.Text(" ");
        using (html.Element("span", styleClass))
        {
            if (sign.Length > 0)
            {
                using (html.Element("span"))
                {
                    html.Attribute("aria-hidden", "true");
                    html.Text(sign);
                }
            }

            html.Element("span", status is "sent" or "delivered" or "read" or "pending" ? "vh" : null, VisibleText.Line(status));
        }
    }

    private static void Reactions(HtmlWriter html, IReadOnlyList<Reaction> reactions)
    {
        using (html.Element("p", "reactions"))
        {
            html.Element("span", "vh", "Reactions: ");
            foreach (Reaction reaction in reactions)
                html.Element("bdi", null, VisibleText.Line(reaction.Emoji[..Math.Min(reaction.Emoji.Length, MostOfReaction)]));
        }
    }
}
