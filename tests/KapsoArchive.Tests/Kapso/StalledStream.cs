using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Kapso;

/// <summary>The beginning of a page, and then nothing until the reader gives up.</summary>
internal sealed class StalledStream : InputStream
{
    private bool _begun;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_begun)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        _begun = true;
        "{\"data\":["u8.CopyTo(buffer.Span);
        return "{\"data\":["u8.Length;
    }
}
