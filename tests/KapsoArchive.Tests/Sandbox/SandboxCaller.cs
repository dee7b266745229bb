using System.Net;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

/// <summary>A plain HTTP caller of a sandbox of its own, which knows nothing of how the sandbox works.</summary>
internal sealed class SandboxCaller : IAsyncDisposable
{
    private readonly HttpClient _http;

    private SandboxCaller(SandboxServer server)
    {
        Server = server;
        _http = new HttpClient { BaseAddress = server.BaseUrl };
        _http.DefaultRequestHeaders.Add("X-API-Key", "sandbox-key");
    }

    public SandboxServer Server { get; }

    public SandboxData Data => Server.Data;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SandboxCaller> StartAsync(SandboxOptions options, TimeProvider? time = null) =>
        new(await SandboxServer.StartAsync(options, time, Cancellation));

    public static string Messages(SandboxConversation conversation, string query = "") =>
        $"whatsapp_conversations/{conversation.Id}/whatsapp_messages{query}";

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, Cancellation);

    /// <summary>The answer as soon as its head is there; its body may be a different story.</summary>
    public Task<HttpResponseMessage> GetHeadAsync(string path) => _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);

    public Task<byte[]> BytesAsync(string path) => _http.GetByteArrayAsync(path, Cancellation);

    public async Task<JsonElement> JsonAsync(string path) => JsonElement.Parse(await BytesAsync(path));

    public async Task<(HttpStatusCode Status, string Body)> AnswerAsync(string path, string? key = "sandbox-key")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server.BaseUrl, path));
        using var http = new HttpClient();
        if (key is not null) request.Headers.Add("X-API-Key", key);
        using var response = await http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Calls what is below <c>/sandbox/</c>, without a key.</summary>
    public async Task<(HttpStatusCode Status, string Body)> ControlAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server.BaseUrl, "/sandbox/" + path));
        using var http = new HttpClient();
        if (json is not null) request.Content = new StringContent(json);
        using var response = await http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>All items of a paged list, as the text that was sent.</summary>
    public async Task<List<string>> ReadAllAsync(string path, int perPage)
    {
        var items = new List<string>();
        for (int page = 1; ; page++)
        {
            char separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var body = await JsonAsync($"{path}{separator}page={page}&per_page={perPage}");
            items.AddRange(body.GetProperty("data").EnumerateArray().Select(item => item.GetRawText()));
            if (page >= body.GetProperty("meta").GetProperty("total_pages").GetInt64()) return items;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
