using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>
/// Stands between the program and the storage emulator, passes each request on, and does to some of them what networks and services do to
/// requests.
/// </summary>
internal sealed class StorageProxy : IAsyncDisposable
{
    private static readonly string[] HopByHop = ["Host", "Connection", "Keep-Alive", "Transfer-Encoding", "Expect", "Content-Length"];

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _service = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly string _address;
    private readonly ConcurrentQueue<HttpRequestMessage> _held = new();
    private Func<string, StorageFault> _plan = static _ => StorageFault.None;
    private int _requests;
    private int _faults;

    private StorageProxy(WebApplication app, string address, string connectionString)
    {
        (_app, _address) = (app, address);
        ConnectionString = connectionString.Replace(address, app.Urls.Single(), StringComparison.Ordinal);
    }

    /// <summary>Reaches the emulator's blobs through this proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>How long each request takes on its way.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>The requests since the last plan, repeated ones too.</summary>
    public int Requests => _requests;

    /// <summary>What was done to requests since the last plan.</summary>
    public int Faults => _faults;

    /// <summary>The request that a fault was done to last.</summary>
    public string Struck { get; private set; } = "none";

    public static async Task<StorageProxy> StartAsync(AzuriteServer azurite, CancellationToken cancellationToken)
    {
        string connection = await azurite.ConnectionStringAsync(cancellationToken);
        string endpoint = connection.Split(';').Single(part => part.StartsWith("BlobEndpoint=", StringComparison.Ordinal))["BlobEndpoint=".Length..];
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        StorageProxy? proxy = null;
        app.Run(context => proxy!.PassAsync(context));
        await app.StartAsync(cancellationToken);
        return proxy = new StorageProxy(app, new Uri(endpoint).GetLeftPart(UriPartial.Authority), connection);
    }

    /// <summary>Does something to the nth request from now on, counted from 1.</summary>
    public void StrikeNth(int number, StorageFault fault)
    {
        int seen = 0;
        Plan(_ => Interlocked.Increment(ref seen) == number ? fault : StorageFault.None);
    }

    /// <summary>Does something to the first request from now on of which this is true: its method, a space, and its path with the query.</summary>
    public void StrikeFirst(Func<string, bool> isMeant, StorageFault fault)
    {
        int struck = 0;
        Plan(request => isMeant(request) && Interlocked.Exchange(ref struck, 1) == 0 ? fault : StorageFault.None);
    }

    /// <summary>Does something to every request of which this is true.</summary>
    public void StrikeAll(Func<string, bool> isMeant, StorageFault fault) => Plan(request => isMeant(request) ? fault : StorageFault.None);

    public void LetPass() => Plan(static _ => StorageFault.None);

    /// <summary>Delivers what was held back, as a network does that found its way at last.</summary>
    public async Task DeliverHeldAsync(CancellationToken cancellationToken)
    {
        while (_held.TryDequeue(out HttpRequestMessage? request))
        {
            using HttpRequestMessage late = request;
            using HttpResponseMessage _ = await _service.SendAsync(late, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _service.Dispose();
        foreach (HttpRequestMessage request in _held)
            request.Dispose();
    }

    private void Plan(Func<string, StorageFault> plan)
    {
        (_requests, _faults, Struck) = (0, 0, "none");
        _plan = plan;
    }

    private async Task PassAsync(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string name = $"{context.Request.Method} {target}";
        Interlocked.Increment(ref _requests);
        await Task.Delay(Latency);
        StorageFault fault = _plan(name);
        if (fault != StorageFault.None)
        {
            Interlocked.Increment(ref _faults);
            Struck = $"{fault} of {name.Split("&sig=")[0]}";
        }

        HttpRequestMessage request = await CopyAsync(context.Request, target);
        if (fault == StorageFault.Delayed)
        {
            _held.Enqueue(request);
            context.Abort();
            return;
        }

        using (request)
        {
            if (fault is StorageFault.CutNotFound or StorageFault.CutServerError)
                await RefuseAsync(context, fault == StorageFault.CutNotFound ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable);
            else
                await AnswerAsync(context, request, fault);
        }
    }

    private async Task AnswerAsync(HttpContext context, HttpRequestMessage request, StorageFault fault)
    {
        using HttpResponseMessage answer = await _service.SendAsync(request, CancellationToken.None);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
        bool hasBody = body.Length > 0;
        if (fault == StorageFault.LostAnswer || (fault == StorageFault.CutBody && !hasBody))
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string header, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!HopByHop.Contains(header, StringComparer.OrdinalIgnoreCase))
                context.Response.Headers[header] = values.ToArray();
        }

        context.Response.ContentLength = hasBody ? body.Length : answer.Content.Headers.ContentLength;
        if (fault == StorageFault.CutBody)
            await CutAsync(context, body.AsMemory(0, body.Length / 2));
        else if (hasBody)
            await context.Response.Body.WriteAsync(body, CancellationToken.None);
    }

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        context.Response.ContentLength = 400;
        return CutAsync(context, "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>"u8.ToArray());
    }

    private static async Task CutAsync(HttpContext context, ReadOnlyMemory<byte> begun)
    {
        await context.Response.Body.WriteAsync(begun, CancellationToken.None);
        await context.Response.Body.FlushAsync(CancellationToken.None);
        context.Abort();
    }

    /// <summary>The request as it came: the signature covers its headers and its path as they were written.</summary>
    private async Task<HttpRequestMessage> CopyAsync(HttpRequest request, string target)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var uri = new Uri(_address + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var copy = new HttpRequestMessage(new HttpMethod(request.Method), uri);
        if (request.ContentLength is not null || body.Length > 0)
            copy.Content = new ByteArrayContent(body.ToArray());
        foreach ((string header, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            if (!HopByHop.Contains(header, StringComparer.OrdinalIgnoreCase) && !copy.Headers.TryAddWithoutValidation(header, values.ToArray()))
                copy.Content?.Headers.TryAddWithoutValidation(header, values.ToArray());
        }

        return copy;
    }
}
