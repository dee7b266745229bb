namespace KapsoArchive.Core.Messages;

/// <summary>Reads the content of a message: everything that a person wrote or saw in it, in reading order. Known types come in the way of
/// their type, whatever the nesting of their data. Text of any other member follows with its name, except what <see cref="LeftOutMembers"/>
/// lists. Pages, the terminal and every other view show these pieces.</summary>
public static class MessageContent
{
    public static IReadOnlyList<ContentPiece> Of(ChatMessage message)
    {
        JsonElement root = ChatMessage.ObjectOf(message.TypeData);
        JsonElement metadata = ChatMessage.ObjectOf(message.Metadata);
        JsonElement data = ChatMessage.DataOf(root, message.Type);
        bool hasRendering = true;
        ContentPieces pieces = new();
        Origin(pieces, root, metadata);
        switch (message.Type)
        {
            case "text" or "":
                pieces.Add(PieceKind.Text, message.Content);
                pieces.Add(PieceKind.Text, root.Text("text") ?? data.Text("body"));
                break;
            case "image" or "audio" or "video" or "document" or "sticker" or "voice":
                AttachmentContent.Add(pieces, message, data, metadata);
                break;
            case "location":
                Location(pieces, message, data);
                break;
            case "contacts":
                Contacts(pieces, message, root);
                break;
            case "interactive":
                InteractiveContent.Add(pieces, message, data);
                break;
            case "template":
                InteractiveContent.AddTemplate(pieces, message, data);
                break;
            case "reaction":
                Reaction(pieces, message, data);
                break;
            case "button":
                pieces.Add(PieceKind.Heading, "Button");
                pieces.Add(PieceKind.Choice, data.Text("text") ?? message.Content, data.Text("payload"));
                pieces.Add(PieceKind.Text, message.Content);
                break;
            case "order":
                Order(pieces, message, data);
                break;
            case "system":
                pieces.Add(PieceKind.Text, message.Content);
                pieces.Add(PieceKind.Text, data.Text("body"));
                if (!pieces.HasContent)
                    pieces.Add(PieceKind.Text, "Something changed");
                break;
            case "unsupported":
                pieces.Add(PieceKind.Heading, "A message type that WhatsApp does not pass on");
                pieces.Add(PieceKind.Text, message.Content);
                break;
            case "edit" or "revoke":
                pieces.Add(PieceKind.Heading, message.Type == "edit" ? "Edited" : "Deleted");
                pieces.Add(PieceKind.Text, data.Member("message").Member("text").Text("body"));
                pieces.Add(PieceKind.Text, message.Content);
                break;
            default:
                hasRendering = false;
                pieces.Add(PieceKind.Heading, message.Type);
                pieces.Add(PieceKind.Text, message.Content);
                break;
        }

        Errors(pieces, data.Items("errors").Concat(metadata.Items("errors")));
        pieces.AddRest(root);
        pieces.AddRest(metadata);
        pieces.AddRest(ChatMessage.ObjectOf(message.Extra));
        if (!pieces.HasContent && message.Type is "text" or "")
            pieces.Add(PieceKind.Heading, "A message without text");
        bool isOffer = message.Type == "template" || data.Member("action").ValueKind == JsonValueKind.Object;
        if (isOffer || !hasRendering || IsOdd(message.TypeData, root))
            pieces.Add(PieceKind.Json, message.TypeData is "{}" ? null : message.TypeData);
        if (IsOdd(message.Metadata, metadata))
            pieces.Add(PieceKind.Json, message.Metadata);
        return pieces.All;
    }

    /// <summary>Adds content in the source's words, unless it only says what the type says.</summary>
    internal static void AddContent(
        ContentPieces pieces, ChatMessage message, PieceKind kind, params ReadOnlySpan<string?> phrases)
    {
        if (!phrases.Contains(message.Content))
            pieces.Add(kind, message.Content);
    }

    /// <summary>Whether JSON is neither absent nor an object that could be read.</summary>
    private static bool IsOdd(string? json, JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined && json is not (null or "" or "null");

    /// <summary>How the message came about: an advertisement, forwarded, about a product, deleted since.</summary>
    private static void Origin(ContentPieces pieces, JsonElement root, JsonElement metadata)
    {
        foreach (JsonElement value in (JsonElement[])[root, metadata])
        {
            if (value.Member("referral") is { ValueKind: JsonValueKind.Object } advertisement)
            {
                pieces.Add(PieceKind.Heading, "From an advertisement");
                pieces.Add(PieceKind.Choice, advertisement.Text("headline") ?? advertisement.Text("body"), advertisement.Text("body"));
            }

            JsonElement context = value.Member("context");
            if (context.IsTrue("forwarded") || context.IsTrue("frequently_forwarded"))
                pieces.Add(PieceKind.Heading, context.IsTrue("frequently_forwarded") ? "Forwarded many times" : "Forwarded");
            if (context.Member("referred_product").Text("product_retailer_id") is { } product)
                pieces.Add(PieceKind.Heading, $"About product {product}");
            if (value.IsTrue("deleted"))
                pieces.Add(PieceKind.Heading, "Deleted message");
        }
    }

    private static void Location(ContentPieces pieces, ChatMessage message, JsonElement data)
    {
        pieces.Add(PieceKind.Heading, "Location");
        pieces.Add(PieceKind.Name, data.Text("name"));
        pieces.Add(PieceKind.Text, data.Text("address"));
        (string? latitude, string? longitude) = (data.Text("latitude"), data.Text("longitude"));
        if (latitude is not null && longitude is not null)
        {
            pieces.Add(PieceKind.Text, $"{latitude}, {longitude}");
            pieces.Skip(latitude);
            pieces.Skip(longitude);
        }

        AddContent(pieces, message, PieceKind.Text, "Location shared", $"Location: {data.Text("name")}");
    }

    private static void Contacts(ContentPieces pieces, ChatMessage message, JsonElement root)
    {
        pieces.Add(PieceKind.Heading, "Contact");
        foreach (JsonElement contact in root.Items("contacts"))
        {
            JsonElement name = contact.Member("name");
            string? formatted = name.Text("formatted_name") ?? name.Text("first_name") ?? name.AsText();
            pieces.Add(PieceKind.Name, formatted ?? "Without a name");
            if (name.ValueKind == JsonValueKind.Object && formatted is not null)
            {
                foreach (JsonProperty part in name.EnumerateObject())
                {
                    if (part.Value.AsText() is { } text && formatted.Contains(text, StringComparison.Ordinal))
                        pieces.Skip(text);
                }
            }

            foreach (JsonElement phone in contact.Items("phones"))
                pieces.Add(PieceKind.Option, phone.Text("phone") ?? phone.Text("wa_id"));
            foreach (JsonElement email in contact.Items("emails"))
                pieces.Add(PieceKind.Option, email.Text("email"));
            pieces.AddRest(contact);
        }

        AddContent(pieces, message, PieceKind.Text, "Contact shared", "Contacts shared");
    }

    private static void Reaction(ContentPieces pieces, ChatMessage message, JsonElement data)
    {
        string? emoji = data.Text("emoji");
        pieces.Add(PieceKind.Emoji, emoji);
        AddContent(pieces, message, string.IsNullOrEmpty(emoji) ? PieceKind.Emoji : PieceKind.Text, "Reaction removed");
    }

    private static void Order(ContentPieces pieces, ChatMessage message, JsonElement data)
    {
        pieces.Add(PieceKind.Heading, "Order");
        pieces.Add(PieceKind.Text, data.Text("text") ?? data.Text("order_text"));
        foreach (JsonElement item in data.Items("product_items"))
        {
            pieces.Add(PieceKind.Option,
                $"{item.Text("quantity") ?? "?"} × {item.Text("product_retailer_id") ?? "?"}, {item.Text("item_price") ?? "?"} "
                + $"{item.Text("currency")}");
            pieces.Skip(item.Text("quantity"));
            pieces.Skip(item.Text("item_price"));
        }

        AddContent(pieces, message, PieceKind.Text, "Order placed", "Order received");
    }

    private static void Errors(ContentPieces pieces, IEnumerable<JsonElement> errors)
    {
        foreach (JsonElement error in errors)
        {
            string? title = error.Text("title") ?? error.Text("message");
            string? details = error.Member("error_data").Text("details");
            string words = string.Join(": ", new[] { title, details }.OfType<string>());
            string code = error.Text("code") is { } number ? $" ({number})" : "";
            if (words.Length > 0 || code.Length > 0)
                pieces.Add(PieceKind.Error, $"{(words.Length > 0 ? words : "Error")}{code}");
            pieces.Skip(title);
            pieces.Skip(details);
        }
    }
}
