using System.Net;
using System.Text;

namespace KapsoArchive.Tests.Kapso;

/// <summary>Answers each request as told and keeps when it came.</summary>
internal sealed class ScriptedSource(TimeProvider time, Func<int, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<(DateTimeOffset At, string Path)> _requests = [];

    public ScriptedSource(TimeProvider time, Func<int, HttpResponseMessage> answer)
        : this(time, number => Task.FromResult(answer(number)))
    {
    }

    public IReadOnlyList<(DateTimeOffset At, string Path)> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public static HttpResponseMessage Answer(HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status)
        {
            Content = new StringContent("""{"data":[],"meta":{"page":1,"per_page":1,"total_pages":1,"total_count":0}}""", Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int number;
        lock (_lock)
        {
            _requests.Add((time.GetUtcNow(), request.RequestUri!.AbsolutePath));
            number = _requests.Count;
        }

        return answer(number);
    }
}
