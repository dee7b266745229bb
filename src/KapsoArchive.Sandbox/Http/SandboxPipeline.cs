namespace KapsoArchive.Sandbox.Http;

/// <summary>Processes a request: counts it against the rate, draws a fault, checks the key, creates the answer and sends it.</summary>
internal sealed class SandboxPipeline
{
    private readonly string _apiKey;
    private readonly TimeProvider _time;
    private readonly MessagesEndpoint _messages;
    private readonly ConversationsEndpoint _conversations;
    private readonly ControlEndpoint _control;
    private long _requests;
    private long _throttled;

    public SandboxPipeline(SandboxOptions options, SandboxListings listings, SandboxMediaHost? media, TimeProvider time)
    {
        (_apiKey, _time) = (options.ApiKey, time);
        Rate = new RateWindows(options.Rate, options.ApiKey, options.Window, time);
        Faults = new FaultDice(options.Faults);
        _messages = new MessagesEndpoint(listings);
        _conversations = new ConversationsEndpoint(listings);
        _control = new ControlEndpoint(this, listings, media);
    }

    public RateWindows Rate { get; }

    public FaultDice Faults { get; }

    public long RequestCount => Interlocked.Read(ref _requests);

    public long ThrottledCount => Interlocked.Read(ref _throttled);

    public async Task HandleAsync(HttpContext context)
    {
        if (ControlEndpoint.Owns(context.Request.Path))
        {
            using var done = await _control.AnswerAsync(context.Request, context.RequestAborted);
            await SendAsync(context.Response, done, context.RequestAborted);
            return;
        }

        try
        {
            await ServeAsync(context, Interlocked.Increment(ref _requests), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client gave up or the sandbox is stopping.
            context.Abort();
        }
    }

    private async Task ServeAsync(HttpContext context, long number, CancellationToken cancellationToken)
    {
        if (CountAgainstRate(context) is { } throttled)
        {
            using (throttled) await SendAsync(context.Response, throttled, cancellationToken);
            return;
        }

        var faults = Faults.Faults;
        var fault = Faults.Roll(number, context.Request.Path + context.Request.QueryString);
        if (fault == SandboxFaultKind.Reset)
        {
            context.Abort();
            return;
        }
        if (fault == SandboxFaultKind.ThrottleStorm) Interlocked.Increment(ref _throttled);
        if (fault == SandboxFaultKind.Slow) await Task.Delay(TimeSpan.FromSeconds(faults.SlowSeconds), _time, cancellationToken);

        using var answer = FaultyAnswers.Of(fault, faults, _time.GetUtcNow()) ?? CheckKey(context.Request)
            ?? Route(context.Request, number);
        if (fault is SandboxFaultKind.Truncated or SandboxFaultKind.Stalled)
            await SendHalfAsync(context, answer, fault.Value, cancellationToken);
        else await SendAsync(context.Response, answer, cancellationToken);
    }

    private SandboxAnswer? CountAgainstRate(HttpContext context)
    {
        if (Rate.Spend(KeyOf(context.Request)) is not { } reading) return null;
        var headers = context.Response.Headers;
        headers["X-RateLimit-Limit"] = reading.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = reading.Remaining.ToString(CultureInfo.InvariantCulture);
        if (!reading.Exceeded) return null;
        Interlocked.Increment(ref _throttled);
        return Errors.RateLimitExceeded(Rate.Length);
    }

    private SandboxAnswer? CheckKey(HttpRequest request) => KeyOf(request) == _apiKey ? null : Errors.InvalidKey();

    private SandboxAnswer Route(HttpRequest request, long number)
    {
        string[] path = (request.Path.Value ?? "").TrimEnd('/').Split('/');
        return (request.Method, path) switch
        {
            ("GET", ["", "api", "v1", "whatsapp_conversations"]) => _conversations.Get(request.Query),
            ("GET", ["", "api", "v1", "whatsapp_conversations", var id, "whatsapp_messages"]) => _messages.Get(id, request.Query, number),
            _ => Errors.NotFound("Route"),
        };
    }

    private async Task SendAsync(HttpResponse response, SandboxAnswer answer, CancellationToken cancellationToken)
    {
        WriteHead(response, answer);
        await response.BodyWriter.WriteAsync(answer.Body, cancellationToken);
    }

    private async Task SendHalfAsync(HttpContext context, SandboxAnswer answer, SandboxFaultKind fault, CancellationToken cancellationToken)
    {
        WriteHead(context.Response, answer);
        await context.Response.BodyWriter.WriteAsync(answer.Body[..(answer.Body.Length / 2)], cancellationToken);
        // If announced bytes are missing, the server closes the connection after the sent bytes have arrived; an abort could lose them.
        if (fault == SandboxFaultKind.Stalled) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private void WriteHead(HttpResponse response, SandboxAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        // The rate window follows this clock, and a client learns its phase from the Date header: both must be the same clock.
        response.Headers.Date = _time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, value) in answer.Headers) response.Headers[name] = value;
    }

    private static string KeyOf(HttpRequest request) => request.Headers["X-API-Key"].ToString();
}
