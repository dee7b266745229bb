namespace KapsoArchive.Tests.Storage;

/// <summary>Answers requests in place of a service that no emulator offers, and keeps what was asked.</summary>
internal sealed class AnsweringTransport(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public List<Uri> Asked { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add(request.RequestUri!);
        return answer(request);
    }
}
