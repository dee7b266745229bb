namespace KapsoArchive.Functions;

/// <summary>The archive's conversations over HTTP.</summary>
public sealed class ConversationFunctions(ConversationsApi conversations)
{
    [Function("ListConversations")]
    public Task<IResult> ListAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "conversations")] HttpRequest request,
        CancellationToken cancellationToken) =>
        conversations.ListAsync(request, cancellationToken);

    [Function("SearchConversations")]
    public Task<IResult> SearchAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "conversations/search")] HttpRequest request,
        CancellationToken cancellationToken) =>
        conversations.SearchAsync(request, cancellationToken);

    [Function("ListMessages")]
    public Task<IResult> MessagesAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "conversations/{id}/messages")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        conversations.MessagesAsync(request, id, cancellationToken);
}
