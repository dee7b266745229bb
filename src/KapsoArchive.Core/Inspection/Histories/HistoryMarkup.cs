using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Pages;
using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>Writes messages of the archive as HTML: they look as in an export.</summary>
public static class HistoryMarkup
{
    /// <summary>How many messages before one that is referred to stand on its page.</summary>
    private const int Context = 10;

    /// <summary>The address of the last message on the page; null if there is none.</summary>
    public static string? LastOf(ConversationHistory history) =>
        history.Positions.Count > 0 ? $"#{ConversationBook.AnchorOf(history.Positions[^1])}" : null;

    /// <param name="history">Read with <see cref="HistoryRequest.Links"/>.</param>
    /// <param name="customer">The other party's name.</param>
    /// <param name="zone">The zone of its times.</param>
    /// <param name="addressOf">The address of the page after a place; null for the page that begins with the first message.</param>
    /// <param name="fileAddressOf">The address of a stored file, by its SHA-256.</param>
    /// <param name="isExcerpt">Whether the messages are not in sequence: then each leads to its place among the others.</param>
    public static void Write(
        HtmlWriter html, ConversationHistory history, string customer, ReadingZone zone, Func<HistoryCursor?, string> addressOf,
        Func<string, string> fileAddressOf, bool isExcerpt)
    {
        if (history.Messages.Count == 0)
            return;
        ConversationOutline outline = history.Outline!;
        Dictionary<int, ChatMessage> here = history.Positions.Zip(history.Messages).ToDictionary();
        var place = new BubblePlace(outline.Book, zone, AddressOf, "the archive")
        {
            HasLinkedTimes = isExcerpt,
            FileAddressOf = message => fileAddressOf(message.File!.Sha256!),
        };
        MessageDays.Legend(html, customer);
        using var days = new MessageDays(html, place);
        for (int i = 0; i < history.Messages.Count; i++)
        {
            ChatMessage message = history.Messages[i];
            ChatMessage? named = outline.NamedBy([message]).Select(p => here.GetValueOrDefault(p) ?? history.Named.GetValueOrDefault(p))
                .FirstOrDefault();
            days.Add(message, history.Positions[i], named);
        }

        string AddressOf(int position)
        {
            string anchor = $"#{ConversationBook.AnchorOf(position)}";
            int before = position - 1 - Context;
            return here.ContainsKey(position) && !isExcerpt ? anchor
                : $"{addressOf(before > 0 ? HistoryCursor.Of(outline.Messages[before - 1]) : null)}{anchor}";
        }
    }
}
