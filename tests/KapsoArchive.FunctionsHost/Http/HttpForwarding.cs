using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace KapsoArchive.FunctionsHost.Http;

/// <summary>Sends requests on to the worker's own server, and its answers back.</summary>
internal sealed class HttpForwarding(Uri worker) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly HashSet<string> StaysHere = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade",
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix",
    };

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker _client =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null });

    public async Task ForwardAsync(HttpContext context, string invocationId)
    {
        try
        {
            using HttpResponseMessage answer = await SendAsync(context, invocationId);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers).Where(h => !StaysHere.Contains(h.Key)))
                context.Response.Headers[name] = new StringValues([.. values]);
            await using Stream body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
            await body.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            if (context.Response.HasStarted)
                context.Abort();
            else
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>"Kestrel listens only after the functions are loaded, so retry on connection refused."</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpContext context, string invocationId)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await _client.SendAsync(Request(context, invocationId), context.RequestAborted);
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } && !patience.IsCancellationRequested)
            {
                await Task.Delay(Pause, context.RequestAborted);
            }
        }
    }

    private HttpRequestMessage Request(HttpContext context, string invocationId)
    {
        // "A double slash in the forwarded path finds no route": the path already begins with one.
        string address = worker.GetLeftPart(UriPartial.Authority) + context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(address, AsItIs));
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
            request.Content = new StreamContent(context.Request.Body);
        foreach ((string name, StringValues values) in context.Request.Headers.Where(h => !StaysHere.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        request.Headers.TryAddWithoutValidation("x-ms-invocation-id", invocationId);
        // The host's proxy addresses the worker, and says in these what it was asked for.
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString());
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.ToUriComponent());
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Request.Scheme);
        return request;
    }
}
