using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>Takes what a program sends over OTLP by HTTP, or to Azure Monitor, and reads it.</summary>
internal sealed class CollectorStandIn : IAsyncDisposable
{
    private const int Resource = 1;
    private const int Scopes = 2;
    private const int Scope = 1;
    private const int Items = 2;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private CollectorStandIn(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>All bodies with their paths, in the order in which they came.</summary>
    public IReadOnlyCollection<(string Path, byte[] Body)> Received => _received;

    public IReadOnlyList<OtlpSpan> Spans => [.. ItemsOf("/v1/traces").Select(item => OtlpSpan.Of(item.Item))];

    /// <summary>Every value of every metric, the newest last.</summary>
    public IReadOnlyList<OtlpPoint> Points => [.. ItemsOf("/v1/metrics").SelectMany(item => OtlpPoint.Of(item.Scope, item.Item))];

    /// <summary>The names of the events that were logged.</summary>
    public IReadOnlyList<string> Events => [.. ItemsOf("/v1/logs").Select(item => item.Item.Text(12))];

    /// <summary>What the program says it is, once for each body.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Resources =>
        [.. Documents("/v1/").SelectMany(d => d.Messages(1)).SelectMany(d => d.Messages(Resource)).Select(r => OtlpAttributes.Of(r.Messages(1)))];

    /// <param name="answers">False: it takes what is sent, and never answers.</param>
    public static async Task<CollectorStandIn> StartAsync(bool answers = true)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var collector = new CollectorStandIn(app);
        app.Run(context => collector.TakeAsync(context, answers));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _app.DisposeAsync();
        _ending.Dispose();
    }

    private async Task TakeAsync(HttpContext context, bool answers)
    {
        using var body = new MemoryStream();
        bool isPacked = context.Request.Headers.ContentEncoding == "gzip";
        await using (Stream sent = isPacked ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body)
            await sent.CopyToAsync(body, context.RequestAborted);
        _received.Enqueue((context.Request.Path, body.ToArray()));
        if (!answers)
            await Task.Delay(Timeout.InfiniteTimeSpan, _ending.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private IEnumerable<ProtobufMessage> Documents(string path) => _received.Where(r => r.Path.StartsWith(path, StringComparison.Ordinal)).Select(r => new ProtobufMessage(r.Body));

    private IEnumerable<(string Scope, ProtobufMessage Item)> ItemsOf(string path) =>
        from document in Documents(path)
        from resource in document.Messages(1)
        from scope in resource.Messages(Scopes)
        from item in scope.Messages(Items)
        select (scope.Messages(Scope).Single().Text(1), item);
}
