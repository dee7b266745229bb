using System.Globalization;

namespace KapsoArchive.Sandbox.Http;

/// <summary>A request's way: count it against the rate, check its key, answer it, send the answer.</summary>
internal sealed class SandboxPipeline(SandboxOptions options, SandboxData data, TimeProvider time)
{
    private readonly RateWindow? _rate = options.RateLimit > 0 ? new RateWindow(options.RateLimit, options.Window, time) : null;
    private readonly MessagesEndpoint _messages = new(data);
    private readonly ConversationsEndpoint _conversations = new(data);
    private long _requests;
    private long _throttled;

    public long RequestCount => Interlocked.Read(ref _requests);

    public long ThrottledCount => Interlocked.Read(ref _throttled);

    public async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        using var answer = Decide(context);
        await SendAsync(context.Response, answer, context.RequestAborted);
    }

    /// <summary>The first step that has an answer gives it. Whatever answers by the request, and not by the data, joins here.</summary>
    private Answer Decide(HttpContext context) =>
        CountAgainstRate(context) ?? CheckKey(context.Request) ?? Route(context.Request);

    private Answer? CountAgainstRate(HttpContext context)
    {
        if (_rate is null) return null;
        var reading = _rate.Spend(KeyOf(context.Request));
        var headers = context.Response.Headers;
        headers["X-RateLimit-Limit"] = _rate.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = reading.Remaining.ToString(CultureInfo.InvariantCulture);
        if (!reading.Exceeded) return null;
        Interlocked.Increment(ref _throttled);
        return Errors.RateLimitExceeded(_rate.Length);
    }

    private Answer? CheckKey(HttpRequest request) => KeyOf(request) == options.ApiKey ? null : Errors.InvalidKey();

    private Answer Route(HttpRequest request)
    {
        string[] path = (request.Path.Value ?? "").TrimEnd('/').Split('/');
        return (request.Method, path) switch
        {
            ("GET", ["", "api", "v1", "whatsapp_conversations"]) => _conversations.Get(request.Query),
            ("GET", ["", "api", "v1", "whatsapp_conversations", var id, "whatsapp_messages"]) => _messages.Get(id, request.Query),
            _ => Errors.NotFound("Route"),
        };
    }

    private async Task SendAsync(HttpResponse response, Answer answer, CancellationToken cancellationToken)
    {
        response.StatusCode = answer.Status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = answer.Body.Length;
        // The rate window follows this clock, and a client learns its phase from the Date header: both must be the same clock.
        response.Headers.Date = time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, value) in answer.Headers) response.Headers[name] = value;
        await response.BodyWriter.WriteAsync(answer.Body, cancellationToken);
    }

    private static string KeyOf(HttpRequest request) => request.Headers["X-API-Key"].ToString();
}
