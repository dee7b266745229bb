namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Formats a message as plain text that is safe for a terminal: without control characters.</summary>
public static class MessageLine
{
    public static string Of(ChatMessage message)
    {
        JsonElement data = ChatMessage.ObjectOf(message.TypeData);
        string? text = message.Type switch
        {
            "text" or "" => message.Content ?? data.Text("text"),
            "location" => $"{data.Text("name") ?? message.Content} {data.Text("latitude")} {data.Text("longitude")}",
            "reaction" => data.Text("emoji") ?? message.Content,
            "interactive" => data.Member("button_reply").Text("title") ?? data.Member("list_reply").Text("title") ?? message.Content,
            "contacts" => string.Join(", ", data.Items("contacts").Select(c => c.Member("name").Text("formatted_name")).OfType<string>()),
            _ => null,
        };
        if (message.MediaName is { } name)
            text = $"{data.Text("filename") ?? name} {data.Text("caption")}";
        string kind = message.Type is "text" or "" ? "" : $"[{message.Type}] ";
        string line = VisibleText.Of($"{kind}{text ?? message.Content}").Trim();
        return line.Length > 0 ? line : "[without text]";
    }
}
