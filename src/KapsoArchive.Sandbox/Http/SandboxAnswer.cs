namespace KapsoArchive.Sandbox.Http;

/// <summary>A response before it is sent, so that a later step can still change or replace it.</summary>
internal sealed class SandboxAnswer(int status, Utf8Buffer body) : IDisposable
{
    public int Status { get; } = status;

    public ReadOnlyMemory<byte> Body => body.Written;

    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>Headers of this answer only; the pipeline adds those of every response.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static SandboxAnswer OfJson(int status, ReadOnlySpan<byte> json, params KeyValuePair<string, string>[] headers)
    {
        var body = new Utf8Buffer(json.Length);
        body.Append(json);
        return new SandboxAnswer(status, body) { Headers = headers };
    }

    public void Dispose() => body.Dispose();
}
