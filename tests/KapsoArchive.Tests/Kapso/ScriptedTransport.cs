using System.Net;
using System.Text;

namespace KapsoArchive.Tests.Kapso;

/// <summary>Stands where the network would: answers from a script, the last answer again when the script is over, and keeps what was asked.</summary>
internal sealed class ScriptedTransport(params Func<CancellationToken, Task<HttpResponseMessage>>[] script) : HttpMessageHandler
{
    private int _requests;

    public int Requests => Volatile.Read(ref _requests);

    public Uri? LastAddress { get; private set; }

    public static ScriptedTransport Answering(params Func<HttpResponseMessage>[] script) =>
        new([.. script.Select(answer => (Func<CancellationToken, Task<HttpResponseMessage>>)(_ => Task.FromResult(answer())))]);

    public static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        LastAddress = request.RequestUri;
        int number = Interlocked.Increment(ref _requests);
        return script[Math.Min(number, script.Length) - 1](cancellationToken);
    }
}
