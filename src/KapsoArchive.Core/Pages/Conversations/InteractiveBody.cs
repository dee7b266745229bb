namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes interactive messages, replies to them, and templates.</summary>
internal static class InteractiveBody
{
    public static void Write(HtmlWriter html, ChatMessage message, JsonElement data)
    {
        JsonElement answer = data.Member("button_reply") is { ValueKind: JsonValueKind.Object } button ? button : data.Member("list_reply");
        if (answer.ValueKind == JsonValueKind.Object)
        {
            MessageBody.Chosen(html, "Choice", answer.Text("title") ?? message.Content, answer.Text("description"));
            return;
        }

        MessageBody.Kind(html, "Interactive message");
        JsonElement offer = data.Member("interactive") is { ValueKind: JsonValueKind.Object } inner ? inner : data;
        MessageText.Write(html, offer.Member("header").Text("text"));
        MessageText.Write(html, offer.Member("body").Text("text") ?? message.Content);
        MessageText.Write(html, offer.Member("footer").Text("text"));
        Options(html, Titles(offer.Member("action")));
        MessageText.Data(html, message.TypeData);
    }

    public static void WriteTemplate(HtmlWriter html, ChatMessage message, JsonElement data)
    {
        string? name = data.Text("name") ?? data.Member("template").Text("name");
        string? language = data.Member("language").Text("code") ?? data.Text("language");
        MessageBody.Kind(html, VisibleText.Line($"Template{(name is null ? "" : $" {name}")}{(language is null ? "" : $", {language}")}"));
        if (message.Content != name)
            MessageText.Write(html, message.Content);
        Options(html, [
            .. data.Items("components").SelectMany(c => c.Items("parameters")).Select(p => p.Text("text") ?? "").Where(t => t.Length > 0)]);
        MessageText.Data(html, message.TypeData);
    }

    private static IReadOnlyList<string> Titles(JsonElement action) =>
    [
        .. action.Items("buttons").Select(b => b.Member("reply").Text("title") ?? b.Text("title"))
            .Concat(action.Items("sections").SelectMany(s => s.Items("rows")).Select(r => r.Text("title"))).OfType<string>(),
    ];

    private static void Options(HtmlWriter html, IReadOnlyList<string> options)
    {
        if (options.Count == 0)
            return;
        using (html.Element("ul", "options"))
        {
            foreach (string option in options)
            {
                using (html.Element("li"))
                    html.Element("bdi", null, VisibleText.Line(option));
            }
        }
    }
}
