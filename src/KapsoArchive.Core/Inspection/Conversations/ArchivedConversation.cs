namespace KapsoArchive.Core.Inspection.Conversations;

/// <summary>A conversation of the archive, as its last reading left it.</summary>
/// <param name="Name">The other party's name, as the source last sent it.</param>
/// <param name="LastMessageAt">Time of its newest message; null if no message has a time.</param>
/// <param name="Messages">Number of messages that the source still lists, as far as is known.</param>
/// <param name="Outcome">Outcome of its last reading: <c>complete</c>, <c>incomplete</c>, <c>gone</c> or <c>failed</c>.</param>
public sealed record ArchivedConversation(
    string ConversationId, string? Name, string? PhoneNumber, string? BusinessScopedUserId, string? Username,
    DateTimeOffset? LastMessageAt, int Messages, string Outcome)
{
    /// <summary>The first of name, number, user name and ids that can be seen. Not made safe for display.</summary>
    public string Title =>
        new[] { Name, PhoneNumber, Username, BusinessScopedUserId }.FirstOrDefault(n => !Text.VisibleText.IsBlank(n)) ?? ConversationId;
}
