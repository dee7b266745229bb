using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kapso;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Runs;

/// <summary>A sandbox behind a server that decides what its answers say of the time.</summary>
internal sealed class DatedSource : IAsyncDisposable
{
    private readonly HttpClient _client = new();
    private LocalServer _server = null!;

    private DatedSource(SandboxServer sandbox, ShiftedTime time) => (Sandbox, Time) = (sandbox, time);

    public SandboxServer Sandbox { get; }

    /// <summary>The source's own clock, which is right.</summary>
    public ShiftedTime Time { get; }

    /// <summary>What answers show as <c>Date</c>; null for the source's own clock.</summary>
    public string? Date { get; set; }

    /// <summary>Whether answers say that a cache kept them.</summary>
    public bool IsCached { get; set; }

    public Uri BaseUrl => _server.BaseUrl;

    public static async Task<DatedSource> StartAsync(SandboxOptions options, DateTimeOffset now)
    {
        var time = new ShiftedTime(now);
        var source = new DatedSource(await SandboxServer.StartAsync(options, time, TestContext.Current.CancellationToken), time);
        source._server = await LocalServer.StartAsync(source.AnswerAsync);
        return source;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Sandbox.BaseUrl, context.Request.Path + context.Request.QueryString));
        request.Headers.Add("X-API-Key", context.Request.Headers["X-API-Key"].ToString());
        using HttpResponseMessage answer = await _client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = "application/json";
        context.Response.Headers.Date = Date ?? answer.Headers.Date!.Value.ToString("R");
        if (IsCached)
            context.Response.Headers.Age = "12";
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
