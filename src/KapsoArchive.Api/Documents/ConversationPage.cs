using System.ComponentModel.DataAnnotations;
using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Search;

namespace KapsoArchive.Api.Documents;

/// <summary>One page of a list of conversations.</summary>
[Description("One page of the archive's conversations.")]
internal sealed record ConversationPage(
    [property: Description("The run whose state it shows; empty if the archive has no index.")] string Snapshot,
    [property: Description("How many conversations match.")] int Total,
    IReadOnlyList<ConversationItem> Items,
    [property: Description("The next page, relative to the server; null on the last page, and for a search.")] string? Next,
    [property: Description("For a search: the value of after for the next page. Null on the last page.")] string? After)
{
    [Description("Only for a search of text: the newest messages that contain it. Items are their conversations.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MatchList? Messages { get; init; }

    /// <param name="find">Finds a conversation by its id.</param>
    public static ConversationPage Of(MessageMatches found, Func<string, ArchivedConversation?> find)
    {
        ConversationItem[] items =
        [
            .. found.Messages.Select(m => m.ConversationId).Distinct(StringComparer.Ordinal).Select(find).OfType<ArchivedConversation>()
                .Select(ConversationItem.Of),
        ];
        return new ConversationPage(found.Snapshot, items.Length, items, Next: null, After: null)
        {
            Messages = new MatchList(found.Total, [.. found.Messages.Select(MatchItem.Of)]),
        };
    }

    /// <param name="next">Makes the address of the next page from the id of the last item; null for a search.</param>
    public static ConversationPage Of(ConversationList list, Func<string, string>? next)
    {
        string? last = list.HasMore ? list.Conversations[^1].ConversationId : null;
        return new ConversationPage(
            list.Snapshot, list.Total, [.. list.Conversations.Select(ConversationItem.Of)], last is null ? null : next?.Invoke(last),
            next is null ? last : null);
    }
}

/// <summary>Messages that contain a text.</summary>
[Description("Messages that contain a text.")]
internal sealed record MatchList(
    [property: Description("How many messages contain it.")] long Total,
    [property: Description("The newest of them, newest first.")] IReadOnlyList<MatchItem> Items);

/// <summary>A message that contains a text.</summary>
[Description("A message that contains a text.")]
internal sealed record MatchItem(
    string ConversationId,
    string Id,
    [property: Description("Null if the message has no readable time.")] DateTime? CreatedAt,
    string? Direction,
    string Type,
    [property: Description("The text around the first occurrence, without control characters.")] string Snippet)
{
    public static MatchItem Of(MessageMatch match) => new(
        match.ConversationId, match.MessageId, match.CreatedAt?.UtcDateTime, match.Direction, match.Type,
        VisibleText.PrintedLine(match.Snippet));
}

/// <summary>A conversation of the archive.</summary>
[Description("A conversation of the archive, as its last reading left it.")]
internal sealed record ConversationItem(
    [property: Description("The conversation's id.")] string Id,
    [property: Description("The other party's name, as Kapso last sent it.")] string? Name,
    string? PhoneNumber,
    [property: Description("WhatsApp's id of the other party for this business.")] string? BusinessScopedUserId,
    string? Username,
    [property: Description("When its newest message was sent; null if no message has a time.")] DateTime? LastMessageAt,
    [property: Description("How many messages Kapso still lists, as far as is known.")] int Messages,
    [property: Description("How its last reading ended."), AllowedValues("complete", "incomplete", "gone", "failed")] string Outcome)
{
    public static ConversationItem Of(ArchivedConversation conversation) => new(
        conversation.ConversationId, conversation.Name, conversation.PhoneNumber, conversation.BusinessScopedUserId, conversation.Username,
        conversation.LastMessageAt?.UtcDateTime, conversation.Messages, conversation.Outcome);
}
