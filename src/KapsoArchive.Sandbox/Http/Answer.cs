using KapsoArchive.Sandbox.Data;

namespace KapsoArchive.Sandbox.Http;

/// <summary>What a request will be answered with: decided first, sent later, so that a step in between can still change or replace it.</summary>
internal sealed class Answer(int status, Utf8Buffer body) : IDisposable
{
    public int Status { get; } = status;

    public ReadOnlyMemory<byte> Body => body.Written;

    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>Headers of this answer alone; those that every response has are the pipeline's business.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public void Dispose() => body.Dispose();
}
