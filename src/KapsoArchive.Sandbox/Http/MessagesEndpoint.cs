namespace KapsoArchive.Sandbox.Http;

/// <summary><c>GET whatsapp_conversations/{id}/whatsapp_messages</c>: a page of a conversation's listing.</summary>
internal sealed class MessagesEndpoint(SandboxData data)
{
    public Answer Get(string conversationId, IQueryCollection query)
    {
        if (!Guid.TryParseExact(conversationId, "D", out var id) || data.FindListing(id) is not { } listing)
            return Errors.NotFound("WhatsApp conversation");
        return PageRequest.TryRead(query, out var page, out string problem)
            ? Page.Of(page, listing.Count, listing.WriteRecord)
            : Errors.Unprocessable(problem);
    }
}
