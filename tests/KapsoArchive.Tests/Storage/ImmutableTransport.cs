using System.Net;
using System.Text;

namespace KapsoArchive.Tests.Storage;

/// <summary>The way to the real service, which refuses to delete, as a container does whose blobs a policy keeps. The emulator has no such policies.</summary>
internal sealed class ImmutableTransport(string errorCode) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>Deletions that were refused.</summary>
    public int Refused { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Delete)
            return base.SendAsync(request, cancellationToken);
        Refused++;
        var answer = new HttpResponseMessage(HttpStatusCode.Conflict)
        {
            RequestMessage = request,
            Content = new StringContent($"<?xml version=\"1.0\"?><Error><Code>{errorCode}</Code><Message>As the test wants it.</Message></Error>", Encoding.UTF8, "application/xml"),
        };
        answer.Headers.Add("x-ms-error-code", errorCode);
        return Task.FromResult(answer);
    }
}
