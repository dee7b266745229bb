namespace KapsoArchive.Tests.Kapso;

/// <summary>The beginning of a page, and then nothing until the reader gives up.</summary>
internal sealed class StalledStream : Stream
{
    private bool _begun;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_begun)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        _begun = true;
        "{\"data\":["u8.CopyTo(buffer.Span);
        return "{\"data\":["u8.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
