namespace KapsoArchive.Api.Requests;

/// <summary>The requested section of a list.</summary>
/// <param name="Limit">How many items.</param>
/// <param name="Before">Only items older than this id; null for the newest.</param>
internal sealed record PageQuery(int Limit, string? Before)
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;

    /// <exception cref="ProblemException">A parameter is wrong.</exception>
    public static PageQuery Of(HttpRequest request)
    {
        var query = new AddressQuery(request, "limit", "before");
        return new PageQuery(query.Limit(MaxLimit, DefaultLimit), query.Text("before") switch
        {
            null => null,
            { } id when RunId.IsOne(id) => id,
            _ => throw Problems.BadParameter(
                "before", "It must be the id of an item, for example 20261122T020000Z-1a2b3c4d. Use the URL in next of the previous page."),
        });
    }
}
