using System.ComponentModel.DataAnnotations;
using KapsoArchive.Core.Inspection.Conversations;

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
    /// <param name="next">Makes the address of the next page from the id of the last item; null for a search.</param>
    public static ConversationPage Of(ConversationList list, Func<string, string>? next)
    {
        string? last = list.HasMore ? list.Conversations[^1].ConversationId : null;
        return new ConversationPage(
            list.Snapshot, list.Total, [.. list.Conversations.Select(ConversationItem.Of)], last is null ? null : next?.Invoke(last),
            next is null ? last : null);
    }
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
