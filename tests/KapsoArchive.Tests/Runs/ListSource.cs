using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using KapsoArchive.Tests.Kapso;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Runs;

/// <summary>A source over HTTP whose list of conversations pages as oddly as it is told; each conversation has messages of its
/// own.</summary>
internal sealed class ListSource : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(int Page, int Size)>> _requests = new(StringComparer.Ordinal);
    private LocalServer _server = null!;

    /// <summary>By activity, newest first. Changed between two requests only.</summary>
    public List<(string Id, DateTimeOffset LastActiveAt)> Conversations { get; init; } = [];

    /// <summary>Rows of a page at most, whatever is requested.</summary>
    public int Cap { get; init; } = 100;

    /// <summary>Whether pages begin where the requested size puts them; if not, where the size that is given does.</summary>
    public bool OffsetsByRequest { get; init; }

    public string Meta { get; init; } = "right";

    /// <summary>What a page behind the end is: <c>empty</c>, <c>last</c>, or a status.</summary>
    public string Behind { get; init; } = "empty";

    /// <summary>Done before the request of the list with this number is answered.</summary>
    public Action<int>? BeforeListing { get; init; }

    /// <summary>What is answered for a conversation; null for its messages.</summary>
    public Func<string, (int Status, string Body)?> Answer { get; init; } = _ => null;

    /// <summary>When the messages of a conversation were created.</summary>
    public Func<string, DateTimeOffset> CreatedAt { get; init; } = _ => new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public Uri Api => _server.BaseUrl;

    /// <summary>The requests of the list.</summary>
    public IReadOnlyCollection<(int Page, int Size)> Listings => _requests.GetOrAdd("", _ => []);

    /// <summary>The conversations whose messages were requested.</summary>
    public IReadOnlyCollection<string> Read => [.. _requests.Keys.Where(k => k.Length > 0)];

    public async Task<ListSource> StartAsync()
    {
        _server = await LocalServer.StartAsync(AnswerAsync);
        return this;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Split('/');
        int page = int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture);
        int size = int.Parse(context.Request.Query["per_page"]!, CultureInfo.InvariantCulture);
        string conversation = path[^1] == "whatsapp_messages" ? path[^2] : "";
        _requests.GetOrAdd(conversation, _ => []).Enqueue((page, size));
        (int status, string body) = conversation.Length > 0 ? Messages(conversation) : List(page, size);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    private (int Status, string Body) Messages(string conversation) => Answer(conversation) ?? (200, $$$"""
        {"data":[{"id":"m-{{{conversation}}}","content":"x","phone_number":"+1{{{conversation}}}","created_at":"{{{CreatedAt(conversation):yyyy-MM-dd'T'HH:mm:ss'Z'}}}"}],"meta":{"page":1,"per_page":100,"total_pages":1,"total_count":1}}
        """);

    private (int Status, string Body) List(int page, int size)
    {
        BeforeListing?.Invoke(Listings.Count);
        int given = Math.Min(size, Cap);
        int offset = (page - 1) * (OffsetsByRequest ? size : given);
        if (offset >= Conversations.Count && page > 1)
        {
            if (int.TryParse(Behind, CultureInfo.InvariantCulture, out int status))
                return (status, """{"error":"no such page"}""");
            if (Behind == "last")
                offset = (Conversations.Count - 1) / given * given;
        }

        (string Id, DateTimeOffset LastActiveAt)[] rows = [.. Conversations.Skip(offset).Take(given)];
        var data = new JsonArray([.. rows.Select(r => new JsonObject
        {
            ["id"] = r.Id,
            ["phone_number"] = $"+1{r.Id}",
            ["contact_name"] = $"Name {r.Id}",
            ["status"] = "active",
            ["last_active_at"] = r.LastActiveAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["business_scoped_user_id"] = $"PE.{r.Id}",
            ["username"] = $"user{r.Id}",
            ["phone_number_id"] = "1555",
        })]);
        var answer = new JsonObject { ["data"] = data };
        if (MetaOf(page, size, rows.Length) is { } meta)
            answer["meta"] = meta;
        return (200, answer.ToJsonString());
    }

    private JsonObject? MetaOf(int page, int size, int rows)
    {
        int n = Conversations.Count;
        int pages = (n + size - 1) / size;
        JsonNode?[] values = Meta switch
        {
            "absent" => [],
            "null" => [null, null, null, null],
            "text" => [$"{page}", $"{size}", $"{pages}", $"{n}"],
            "zero" => [page, size, 0, 0],
            "no pages" => [page, size, 0, n],
            "one too high" => [page, size, (n + size) / size, n + 1],
            "one too low" => [page, size, pages, n - 1],
            "rows of this page" => [page, size, 1, rows],
            _ => [page, size, pages, n],
        };
        return values.Length == 0 ? null : new JsonObject { ["page"] = values[0], ["per_page"] = values[1], ["total_pages"] = values[2], ["total_count"] = values[3] };
    }
}
