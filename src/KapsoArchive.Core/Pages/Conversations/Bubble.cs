namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes one message as a chat bubble: its content, time, delivery status and reactions.</summary>
internal static class Bubble
{
    private const int MostOfReaction = 16; // The full reaction appears as a message of its own.

    /// <param name="position">Its number in the conversation; the first is 1.</param>
    /// <param name="book">Finds the other messages.</param>
    public static void Write(HtmlWriter html, ChatMessage message, int position, ConversationBook book)
    {
        bool isNote = message.Type is "system" or "reaction";
        using (html.Element("li", isNote ? "note" : message.IsOutbound ? "out" : null))
        {
            html.Attribute("id", ConversationBook.AnchorOf(position));
            using (html.Element("div", "bubble"))
            {
                if (Reaction.ReplyOf(message) is not 0 and var replied)
                    ReferTo(html, "quote", "In reply to", replied, book);
                MessageBody.Write(html, message);
                if (message.Type == "reaction" && Reaction.Of(message.TypeData, message.IsOutbound) is { } reaction)
                    ReferTo(html, "kind", reaction.Emoji.Length > 0 ? "Reaction to" : "Removed the reaction to", reaction.Target, book);
                Meta(html, message);
            }

            if (book.ReactionsTo(position) is { Count: > 0 } reactions)
                Reactions(html, reactions);
        }

        html.Constant("\n");
    }

    private static void ReferTo(HtmlWriter html, string styleClass, string words, ulong name, ConversationBook book)
    {
        using (html.Element("p", styleClass))
        {
            if (book.PositionOf(name) is not { } position)
            {
                html.Text($"{words} a message that is not in this export");
                return;
            }

            html.Text($"{words} ");
            using (html.Element("a"))
            {
                html.Attribute("href", book.AddressOf(position));
                html.Text(string.Create(CultureInfo.InvariantCulture, $"message {position:N0}"));
            }
        }
    }

    private static void Meta(HtmlWriter html, ChatMessage message)
    {
        using (html.Element("p", "meta"))
        {
            html.Element("span", "vh", message.Direction switch
            {
                "inbound" => "Received ",
                "outbound" => "Sent ",
                { Length: > 0 } other => $"{VisibleText.Line(other)} ",
                _ => "",
            });
            if (message.CreatedAt is { } time)
            {
                using (html.Element("time"))
                {
                    html.Attribute("datetime", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
                    html.Text(time.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture));
                }
            }

            Status(html, message);
        }
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
