using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Mcp.Tools;

/// <summary><c>list_conversations</c>: lists conversations, and finds them by what people know of them.</summary>
internal sealed class ListConversationsTool(IStore store, ILogger<ListConversationsTool> log) : ArchiveTool<ConversationsAnswer>(
    "list_conversations", "List conversations",
    "Lists the conversations in the archive, or finds them by name, telephone number, user name or id. Start here to find the "
        + "conversation_id that read_conversation needs.",
    [Text, Outcome, Order, Limit, Skip, SharedParameters.Zone], log)
{
    private static readonly TextParameter Text = new(
        "text", "The beginning of the words of a name, a telephone number in any spelling, a user name, an id or its beginning. All "
        + "conversations if absent.");

    private static readonly TextParameter Outcome = new("outcome", "Only conversations whose last reading ended so.")
    {
        Choices = ["complete", "incomplete", "failed", "gone"],
    };

    private static readonly TextParameter Order = new(
        "order", "last: the newest message first, as if absent. name: by name. messages: the most messages first.")
    {
        Choices = ["last", "name", "messages"],
    };

    private static readonly NumberParameter Limit = new("limit", "How many to list.", 25, 1, 100);

    private static readonly NumberParameter Skip = new("skip", "How many to pass over: next_skip of the answer before.", 0, 0, 10_000_000);

    protected override async Task<ConversationsAnswer> AnswerAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        (int skip, int limit) = (Skip.Of(arguments), Limit.Of(arguments));
        var order = Enum.Parse<ConversationOrder>(Order.Of(arguments) ?? nameof(ConversationOrder.Last), ignoreCase: true);
        ReadingZone zone = SharedParameters.ZoneOf(arguments);
        (string? text, string? outcome) = (Text.Of(arguments), Outcome.Of(arguments));
        var directory = await ConversationDirectory.OpenAsync(store, cancellationToken);
        ConversationList list = directory.List(text, outcome, order, skip + limit);
        return new ConversationsAnswer(
            list.Snapshot, list.Total, [.. list.Conversations.Skip(skip).Select(c => ConversationAnswer.Of(c, zone))],
            list.Total > skip + limit ? skip + limit : null);
    }
}
