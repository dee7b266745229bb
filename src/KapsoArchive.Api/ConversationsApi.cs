using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Inspection.Search;

namespace KapsoArchive.Api;

/// <summary>Lists, finds and reads conversations of the archive. Sends no request to the source.</summary>
public sealed class ConversationsApi(IServiceProvider services)
{
    internal const int MaxMessages = 500;
    internal const int DefaultMessages = 100;
    internal const string NewestFirst = "newest";
    internal const string OldestFirst = "oldest";
    private const string NoNumber =
        "A telephone number does not belong into an address, because servers log addresses: send it to POST /api/conversations/search.";

    internal static readonly string[] Outcomes = ["complete", "incomplete", "gone", "failed"];
    internal static readonly string[] Orders = ["last", "name", "messages"];

    // Resolved while answering, so that a wrong setting becomes an answer.
    private IStore Store => services.GetRequiredService<IStore>();

    /// <summary><c>GET /api/conversations</c></summary>
    public Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Answer.SoonAsync(request, services, async () =>
    {
        var query = new AddressQuery(request, "id", "from", "to", "outcome", "sort", "limit", "after");
        var wanted = new ConversationQuery(query.Limit(PageQuery.MaxLimit, PageQuery.DefaultLimit))
        {
            IdPrefix = query.Text("id"),
            Activity = query.Range(),
            Outcome = query.Choice("outcome", Outcomes),
            Order = OrderOf(query.Choice("sort", Orders)),
            After = query.Text("after"),
        };
        ConversationDirectory directory = await OpenAsync(cancellationToken);
        if (wanted.IdPrefix is { } prefix && ConversationDirectory.IsNumber(prefix) && directory.IdsOf(prefix).Count == 0)
            throw Problems.BadParameter("id", NoNumber);
        return await DocumentResult.OfSnapshotAsync(request, directory.Snapshot, () => Task.FromResult(
            ConversationPage.Of(ListOf(directory, wanted), last => new Links(request).Conversations(query.ForPage("after", last)))),
            ApiJson.Default.ConversationPage);
    });

    /// <summary><c>POST /api/conversations/search</c></summary>
    public Task<IResult> SearchAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Answer.OfAsync(request, services, async () =>
    {
        _ = new AddressQuery(request);
        using JsonDocument body = await Body.ReadJsonAsync(request, cancellationToken);
        ConversationQuery wanted = SearchBodyReader.Read(body.RootElement);
        if (wanted.Text is { } text)
            return await SearchTextAsync(text, wanted.Limit, cancellationToken);
        ConversationList list = ListOf(await OpenAsync(cancellationToken), wanted);
        return DocumentResult.Of(StatusCodes.Status200OK, ConversationPage.Of(list, next: null), ApiJson.Default.ConversationPage);
    });

    /// <summary><c>GET /api/conversations/{id}/messages</c></summary>
    /// <param name="id">The conversation's id, or a beginning that no other id has.</param>
    public Task<IResult> MessagesAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.OfAsync(request, services, async () =>
    {
        var query = new AddressQuery(request, "cursor", "from", "to", "direction", "type", "limit", "order");
        bool oldestFirst = query.Choice("order", [NewestFirst, OldestFirst]) == OldestFirst;
        HistoryCursor? cursor = query.Text("cursor") is not { } text ? null : HistoryCursor.Parse(text)
            ?? throw Problems.BadParameter("cursor", "It is not one of this API. Use the URL in next of the previous page.");
        var wanted = new HistoryRequest("", query.Limit(MaxMessages, DefaultMessages))
        {
            Range = query.Range(),
            Direction = query.Choice("direction", ExportChoice.KnownDirections),
            Types = query.Text("type")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            Before = oldestFirst ? null : cursor,
            After = oldestFirst ? cursor : null,
            OldestFirst = oldestFirst,
        };
        ConversationDirectory directory = await OpenAsync(cancellationToken);
        wanted = wanted with { ConversationId = IdOf(directory, id) };
        return await DocumentResult.OfSnapshotAsync(request, directory.Snapshot, async () =>
        {
            ConversationHistory history = await ReadAsync(directory, wanted, cancellationToken);
            string? next = (oldestFirst ? history.Newer : history.Older) is { } place
                ? new Links(request).Messages(wanted.ConversationId, query.ForPage("cursor", place.ToString()))
                : null;
            return MessagePage.Of(history, oldestFirst, next);
        }, ApiJson.Default.MessagePage);
    });

    internal static ConversationOrder OrderOf(string? word) => word switch
    {
        "name" => ConversationOrder.Name,
        "messages" => ConversationOrder.Messages,
        _ => ConversationOrder.Last,
    };

    private static ConversationList ListOf(ConversationDirectory directory, ConversationQuery wanted) => directory.TryList(wanted)
        ?? throw Problems.BadParameter("after", "The list no longer has a conversation with that id. Begin again, without after.");

    private static string IdOf(ConversationDirectory directory, string text)
    {
        IReadOnlyList<string> ids = directory.IdsOf(text);
        if (ids is [var id])
            return id;
        if (ids.Count > 1)
        {
            throw Problems.BadParameter("id", $"{ids.Count} conversations begin like that. Give more of the id. "
                + $"The first: {string.Join(", ", ids.Take(10).Select(VisibleText.PrintedLine))}.");
        }

        if (ConversationDirectory.IsNumber(text))
            throw Problems.BadParameter("id", NoNumber);
        return directory.Snapshot.Length == 0
            ? text // The archive has no index: the conversation may be there.
            : throw Problems.NotFound("The archive has no such conversation. GET /api/conversations lists them, and "
                + "POST /api/conversations/search finds them by phone or name.");
    }

    private async Task<ConversationHistory> ReadAsync(
        ConversationDirectory directory, HistoryRequest wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await services.GetRequiredService<ConversationHistories>().ReadAsync(wanted, cancellationToken);
        }
        catch (SettingException) when (directory.Snapshot.Length > 0)
        {
            return new ConversationHistory(wanted.ConversationId, directory.Snapshot, Total: 0, Matching: 0, []); // It has no messages.
        }
    }

    private async Task<IResult> SearchTextAsync(string text, int limit, CancellationToken cancellationToken)
    {
        if (services.GetService<MessageSearch>() is not { } search)
        {
            throw Problems.NotHere("Text across conversations is searched by kapso-archive serve, and by the command kapso-archive find "
                + "TEXT --lake DIR|URL. Here, search by phone or name.");
        }

        ConversationDirectory directory = await OpenAsync(cancellationToken);
        MessageMatches found = await search.FindAsync(new MessageQuery(text), limit, cancellationToken);
        return DocumentResult.Of(
            StatusCodes.Status200OK, ConversationPage.Of(found, directory.Find), ApiJson.Default.ConversationPage);
    }

    private async Task<ConversationDirectory> OpenAsync(CancellationToken cancellationToken) =>
        await ConversationDirectory.TryOpenAsync(Store, cancellationToken)
        ?? throw Problems.NotFound("There is no archive yet: no run has been committed. POST /api/runs starts one.");
}
