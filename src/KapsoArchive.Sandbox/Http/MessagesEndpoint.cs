namespace KapsoArchive.Sandbox.Http;

/// <summary><c>GET whatsapp_conversations/{id}/whatsapp_messages</c>: a page of a conversation's listing.</summary>
internal sealed class MessagesEndpoint(SandboxListings listings)
{
    public SandboxAnswer Get(string conversationId, IQueryCollection query, long request)
    {
        if (!Guid.TryParseExact(conversationId, "D", out var id) || !listings.Has(id)) return Errors.NotFound("WhatsApp conversation");
        if (!PageRequest.TryRead(query, out var page, out string problem)) return Errors.Unprocessable(problem);
        try
        {
            return listings.FindMoving(id) is { } moving ? PageJson.Of(moving.Read(page.Page, page.PerPage)) : Still(id, page, request);
        }
        catch (SandboxPageLimitException limit)
        {
            return Errors.PageLimit(limit);
        }
        catch (SandboxRefusalException refusal)
        {
            return Errors.Of(refusal.Status, "The page cannot be served");
        }
    }

    /// <summary>A page of an unmoved conversation, served directly by the generator, so that it may have millions of messages.</summary>
    private SandboxAnswer Still(Guid id, PageRequest page, long request)
    {
        var odd = listings.OdditiesOf(id);
        if (listings.FindStill(id, odd.ShuffleTies ? request : null) is not { } listing) return Errors.NotFound("WhatsApp conversation");
        return PageJson.Of(PageCut.Of(page.Page, page.PerPage, listing.Count, odd, request), Write);

        void Write(long position, Utf8Buffer json)
        {
            if (position < listing.Count) listing.WriteRecord(position, json);
            else SmallRecord.Invent(position, json);
        }
    }
}
