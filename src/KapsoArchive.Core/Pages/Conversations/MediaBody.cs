using System.Text.RegularExpressions;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>
/// Writes a message with a file: its kind, name and caption. The file is neither shown nor linked: its link works without a key and expired
/// long ago.
/// </summary>
internal static partial class MediaBody
{
    public static void Write(HtmlWriter html, ChatMessage message, JsonElement data)
    {
        Match described = Description().Match(message.Content ?? "");
        MessageBody.Kind(html, message.Type == "audio" && data.Text("voice") == "true"
            ? "Voice message"
            : $"{char.ToUpperInvariant(message.Type[0])}{message.Type[1..]}");
        string? name = data.Text("filename")
            ?? (described.Groups["name"] is { Success: true, Length: > 0 } given ? given.Value : message.MediaName);
        if (name is not null)
        {
            using (html.Element("p", "name"))
                html.Element("bdi", null, VisibleText.Line(name));
        }

        string facts = string.Join(" · ",
            new[] { data.Text("mime_type"), described.Groups["size"] is { Success: true } size ? size.Value : null }.OfType<string>());
        if (facts.Length > 0)
        {
            using (html.Element("p"))
                html.Element("small", null, VisibleText.Line(facts));
        }

        MessageText.Write(html, data.Text("caption") ?? (described.Success ? null : WithoutLink(message.Content)));
        if (Transcript(message) is { } transcript)
        {
            MessageBody.Kind(html, "Transcript");
            MessageText.Write(html, transcript);
        }
    }

    private static string? Transcript(ChatMessage message)
    {
        JsonElement transcript = ChatMessage.ObjectOf(message.Metadata).Member("transcript");
        return transcript.AsText() ?? transcript.Text("text");
    }

    /// <summary>The content may contain the link too.</summary>
    private static string? WithoutLink(string? content) =>
        content is not null && content.IndexOf("URL: http", StringComparison.OrdinalIgnoreCase) is >= 0 and int link
            ? string.Create(CultureInfo.InvariantCulture, $"{content.AsSpan(0, link).TrimEnd()}")
            : content;

    /// <summary>
    /// The source's replacement for a missing text: <c>Image attached (receipt.jpeg) [Size: 115.1 KB | Type: image/jpeg] URL:
    /// https://…</c>.
    /// </summary>
    [GeneratedRegex(@"^\w+ attached(?: \((?<name>[^)\n]*)\))?(?: \[Size: (?<size>[^|\]\n]*?) \|[^\]\n]*\])?(?: URL: \S*)?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Description();
}
