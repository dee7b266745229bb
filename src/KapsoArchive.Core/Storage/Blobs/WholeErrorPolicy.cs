using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>Reads the body of an error before the error is evaluated. Otherwise the client reads the body of a failed download outside its
/// retries, and a connection that breaks there fails the caller.</summary>
internal sealed class WholeErrorPolicy : HttpPipelinePolicy
{
    private const int FirstError = 400;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ProcessNext(message, pipeline);
        if (Pending(message.Response) is not { } content)
            return;
        var body = new MemoryStream();
        content.CopyTo(body);
        Keep(message.Response, content, body);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        if (Pending(message.Response) is not { } content)
            return;
        var body = new MemoryStream();
        await content.CopyToAsync(body, message.CancellationToken);
        Keep(message.Response, content, body);
    }

    /// <returns>The body still to be read; null if it has been read or is absent.</returns>
    private static Stream? Pending(Response response) =>
        response is { Status: >= FirstError, ContentStream: { } content and not MemoryStream } ? content : null;

    private static void Keep(Response response, Stream content, MemoryStream body)
    {
        content.Dispose();
        body.Position = 0;
        response.ContentStream = body.Length > 0 ? body : null; // The client cannot parse an empty body as XML.
    }
}
