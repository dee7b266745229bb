namespace KapsoArchive.Tests.Storage;

/// <summary>The way to the real service, on which a test may stop each request first.</summary>
internal sealed class InterceptedTransport() : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>What happens before a request goes out; an exception keeps it from going.</summary>
    public Func<HttpRequestMessage, Task>? Before { get; set; }

    /// <summary>What happens after the service has answered and before the answer is seen.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task>? After { get; set; }

    /// <summary>Told of each answer before it is seen.</summary>
    public Action<HttpResponseMessage>? Answered { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Before is { } before)
            await before(request);
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        if (After is { } after)
            await after(request, cancellationToken);
        Answered?.Invoke(answer);
        return answer;
    }
}
