using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes what was before at a message: that it was edited or removed, and its earlier versions.</summary>
internal static class MessageHistory
{
    /// <param name="message">The newest version.</param>
    /// <param name="versions">When the others were archived.</param>
    /// <param name="earlier">The earlier versions, oldest first.</param>
    public static void Write(HtmlWriter html, ChatMessage message, MessageVersions versions, IReadOnlyList<ChatMessage> earlier)
    {
        if (versions.RemovedAt is { } removed)
            Mark(html, $"Removed: no longer at Kapso on {Utc(removed)}");
        if (earlier.Count == 0)
            return;
        if (earlier.Any(e => !HasSameContent(e, message)))
            Mark(html, "Edited");
        using (html.Element("details"))
        {
            html.Element("summary", null, Quantity.Of(earlier.Count, "earlier version"));
            foreach ((ChatMessage version, DateTimeOffset archivedAt) in earlier.Zip(versions.Earlier.Select(e => e.ArchivedAt)))
            {
                html.Element("p", "kind", string.IsNullOrEmpty(version.Status) ? $"Archived {Utc(archivedAt)}"
                    : $"Archived {Utc(archivedAt)}, {VisibleText.Line(version.Status)}");
                MessageBody.Write(html, version);
            }
        }
    }

    /// <summary>Whether only the delivery changed.</summary>
    private static bool HasSameContent(ChatMessage one, ChatMessage other) =>
        one.Content == other.Content && one.TypeData == other.TypeData && one.Type == other.Type;

    private static void Mark(HtmlWriter html, string text)
    {
        using (html.Element("p", "kind"))
            html.Element("strong", null, text);
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
