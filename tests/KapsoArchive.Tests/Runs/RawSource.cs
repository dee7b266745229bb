using System.Globalization;
using System.Text;
using KapsoArchive.Tests.Kapso;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Runs;

/// <summary>A source over HTTP that serves texts as they are, whatever they are: its conversations, and their messages, newest
/// first.</summary>
internal sealed class RawSource : IAsyncDisposable
{
    private LocalServer? _server;

    /// <summary>Each with its record in the list, by id.</summary>
    public Dictionary<string, string> Conversations { get; } = [];

    public Dictionary<string, List<string>> Messages { get; } = [];

    /// <summary>What a page says of itself: the page, its size, and the number of records.</summary>
    public Func<int, int, int, string> Meta { get; set; } = Honest;

    /// <summary>Before each page of messages, with the number of such pages before it.</summary>
    public Action<int> Before { get; set; } = static _ => { };

    public Uri BaseUrl => _server!.BaseUrl;

    private int _pages;

    public static string Honest(int page, int perPage, int count) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"page":{{page}},"per_page":{{perPage}},"total_pages":{{(count + perPage - 1) / perPage}},"total_count":{{count}}}""");

    public static async Task<RawSource> StartAsync()
    {
        var source = new RawSource();
        source._server = await LocalServer.StartAsync(source.AnswerAsync);
        return source;
    }

    public void Add(string conversation, IEnumerable<string> messages, string? record = null) =>
        (Conversations[conversation], Messages[conversation]) = (record ?? $$"""{"id":"{{conversation}}"}""", [.. messages]);

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        int page = int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture);
        int perPage = int.Parse(context.Request.Query["per_page"]!, CultureInfo.InvariantCulture);
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool isList = path[^1] == "whatsapp_conversations";
        if (!isList)
            Before(Interlocked.Increment(ref _pages) - 1);
        List<string> all = isList ? [.. Conversations.Values] : Messages[path[^2]];
        string data = string.Join(",", all.Skip((page - 1) * perPage).Take(perPage));
        string meta = isList ? Honest(page, perPage, all.Count) : Meta(page, perPage, all.Count);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($$"""{"data":[{{data}}],"meta":{{meta}}}"""), context.RequestAborted);
    }
}
