using System.Net;

namespace KapsoArchive.Core.Kapso;

/// <summary>The content of an answer that has been read and parsed, so that a malformed body is detected inside the retries.</summary>
internal sealed class PageContent(Page page) : HttpContent
{
    public Page Page { get; } = page;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new NotSupportedException("The page has been parsed already.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
