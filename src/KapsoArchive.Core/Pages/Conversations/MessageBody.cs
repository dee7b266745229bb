namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes a message's content by type. Unknown types, and data of unexpected structure, are shown as sent.</summary>
internal static class MessageBody
{
    public static void Write(HtmlWriter html, ChatMessage message)
    {
        JsonElement data = ChatMessage.ObjectOf(message.TypeData);
        switch (message.Type)
        {
            case "text" or "":
                Written(html, message.Content ?? data.Text("text") ?? data.Member("text").Text("body"));
                break;
            case "image" or "audio" or "video" or "document" or "sticker" or "voice":
                MediaBody.Write(html, message, data);
                break;
            case "location":
                Location(html, message, data);
                break;
            case "contacts":
                Contacts(html, message, data);
                break;
            case "interactive":
                InteractiveBody.Write(html, message, data);
                break;
            case "template":
                InteractiveBody.WriteTemplate(html, message, data);
                break;
            case "reaction":
                html.Element(
                    "p", "emoji", VisibleText.Line(data.Text("emoji") ?? data.Member("reaction").Text("emoji") ?? message.Content));
                break;
            case "button":
                Chosen(html, "Button", data.Text("text") ?? message.Content, data.Text("payload"));
                break;
            case "order":
                Order(html, message, data);
                break;
            case "system":
                MessageText.Write(html, message.Content ?? data.Text("body") ?? "Something changed");
                break;
            case "unsupported":
                Kind(html, "A message type that WhatsApp does not pass on");
                MessageText.Write(html, message.Content);
                break;
            default:
                Kind(html, VisibleText.Line(message.Type));
                MessageText.Write(html, message.Content);
                MessageText.Data(html, message.TypeData);
                break;
        }

        Errors(html, message, data);
    }

    public static void Kind(HtmlWriter html, string kind) => html.Element("p", "kind", kind);

    /// <summary>A choice made from an interactive message.</summary>
    public static void Chosen(HtmlWriter html, string kind, string? title, string? more)
    {
        Kind(html, kind);
        using (html.Element("div", "choice"))
        {
            MessageText.Write(html, title);
            if (!string.IsNullOrEmpty(more) && more != title)
                html.Element("small", null, VisibleText.Of(more));
        }
    }

    private static void Written(HtmlWriter html, string? text)
    {
        if (string.IsNullOrEmpty(text))
            Kind(html, "A message without text");
        else
            MessageText.Write(html, text);
    }

    private static void Location(HtmlWriter html, ChatMessage message, JsonElement data)
    {
        Kind(html, "Location");
        Name(html, data.Text("name"));
        MessageText.Write(html, data.Text("address"));
        if (data.Number("latitude") is { } latitude && data.Number("longitude") is { } longitude)
            html.Element("p", null, string.Create(CultureInfo.InvariantCulture, $"{latitude}, {longitude}"));
        else
            MessageText.Write(html, message.Content);
    }

    private static void Contacts(HtmlWriter html, ChatMessage message, JsonElement data)
    {
        Kind(html, "Contact");
        bool any = false;
        foreach (JsonElement contact in data.Items("contacts"))
        {
            any = true;
            Name(html, contact.Member("name").Text("formatted_name") ?? contact.Member("name").Text("first_name") ?? "Without a name");
            using (html.Element("ul"))
            {
                foreach (string? line in contact.Items("phones").Select(p => p.Text("phone") ?? p.Text("wa_id"))
                    .Concat(contact.Items("emails").Select(e => e.Text("email"))))
                    html.Element("li", null, VisibleText.Line(line));
            }
        }

        if (!any)
            MessageText.Write(html, message.Content);
    }

    private static void Order(HtmlWriter html, ChatMessage message, JsonElement data)
    {
        Kind(html, "Order");
        JsonElement[] items = [.. data.Items("product_items")];
        if (items.Length == 0)
            MessageText.Write(html, message.Content);
        MessageText.Write(html, data.Text("text"));
        using (html.Element("ul"))
        {
            foreach (JsonElement item in items)
                html.Element("li", null, VisibleText.Line(
                    $"{item.Text("quantity") ?? "?"} × {item.Text("product_retailer_id") ?? "?"}, {item.Text("item_price") ?? "?"} "
                    + $"{item.Text("currency")}"));
        }
    }

    /// <summary>Why a message was not delivered or cannot be shown, in the source's words.</summary>
    private static void Errors(HtmlWriter html, ChatMessage message, JsonElement data)
    {
        foreach (JsonElement error in data.Items("errors").Concat(ChatMessage.ObjectOf(message.Metadata).Items("errors")))
        {
            string? words = error.Text("title") ?? error.Text("message");
            string code = error.Text("code") is { } number ? $" ({number})" : "";
            if (words is not null || code.Length > 0)
                html.Element("p", "kind failed", VisibleText.Line($"{words ?? "Error"}{code}"));
        }
    }

    private static void Name(HtmlWriter html, string? name)
    {
        if (string.IsNullOrEmpty(name))
            return;
        using (html.Element("p", "name"))
            html.Element("bdi", null, VisibleText.Line(name));
    }
}
