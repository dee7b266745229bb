namespace KapsoArchive.Core.Messages;

/// <summary>Reads interactive messages, the answers to them, and templates.</summary>
internal static class InteractiveContent
{
    public static void Add(ContentPieces pieces, ChatMessage message, JsonElement data)
    {
        JsonElement answer = data.Member("button_reply") is { ValueKind: JsonValueKind.Object } button ? button : data.Member("list_reply");
        if (answer.ValueKind == JsonValueKind.Object)
        {
            pieces.Add(PieceKind.Heading, "Choice");
            pieces.Add(PieceKind.Choice, answer.Text("title") ?? message.Content, answer.Text("description"));
            pieces.Add(PieceKind.Text, message.Content);
            return;
        }

        if (data.Member("nfm_reply") is { ValueKind: JsonValueKind.Object } form)
        {
            AddForm(pieces, message, form);
            return;
        }

        pieces.Add(PieceKind.Heading, "Interactive message");
        JsonElement action = data.Member("action");
        pieces.Skip(action.Text("name"));
        pieces.Add(PieceKind.Text, data.Member("header").Text("text"));
        pieces.Add(PieceKind.Text, data.Member("body").Text("text"));
        pieces.Add(PieceKind.Text, message.Content);
        pieces.Add(PieceKind.Text, data.Member("footer").Text("text"));
        pieces.AddRest(action, "action", PieceKind.Option);
    }

    public static void AddTemplate(ContentPieces pieces, ChatMessage message, JsonElement data)
    {
        string? name = data.Text("name");
        string? language = data.Member("language").Text("code") ?? data.Text("language");
        pieces.Add(PieceKind.Heading, $"Template{(name is null ? "" : $" {name}")}{(language is null ? "" : $", {language}")}");
        pieces.Skip(name);
        pieces.Skip(language);
        MessageContent.AddContent(pieces, message, PieceKind.Text, name, $"Template: {name}");
        pieces.AddRest(data.Member("components"), "components", PieceKind.Option);
    }

    /// <summary>The answers to a form of several fields, which the source sends as JSON in a text.</summary>
    private static void AddForm(ContentPieces pieces, ChatMessage message, JsonElement form)
    {
        pieces.Add(PieceKind.Heading, "Answers to a form");
        string? json = form.Text("response_json");
        JsonElement answers = ChatMessage.ObjectOf(json);
        if (answers.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty answer in answers.EnumerateObject())
                AddAnswer(pieces, answer.Name, answer.Value);
            pieces.Skip(json);
        }
        else
        {
            pieces.Add(PieceKind.Text, json);
        }

        pieces.Skip(form.Text("name"));
        pieces.Add(PieceKind.Text, message.Content);
        pieces.Add(PieceKind.Text, form.Text("body"));
    }

    private static void AddAnswer(ContentPieces pieces, string name, JsonElement value)
    {
        if (LeftOutMembers.Has(name))
            return;
        string? text = value.ValueKind == JsonValueKind.Array
            ? string.Join(", ", value.EnumerateArray().Select(Json.AsText).OfType<string>())
            : value.AsText();
        pieces.Add(PieceKind.Field, text, name.Replace('_', ' '));
        if (text is null or "")
            pieces.AddRest(value);
    }
}
