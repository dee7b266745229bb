namespace KapsoArchive.Core.Lake;

/// <summary>Passes a stream's bytes to the reader of a format. It distinguishes the reader's exceptions for damaged bytes from failures of
/// the stream itself.</summary>
/// <remarks>The owner disposes the stream.</remarks>
internal sealed class ContentStream(Stream content) : Stream
{
    private bool _failed;

    public override bool CanRead => true;

    public override bool CanSeek => content.CanSeek;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position
    {
        get => content.Position;
        set => content.Position = value;
    }

    /// <summary>Whether an exception from a reader of this stream is about the bytes. Format readers throw exceptions of many types for
    /// unexpected bytes.</summary>
    public bool IsDamage(Exception e) => !_failed && e is not (OperationCanceledException or OutOfMemoryException);

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (Exception)
        {
            _failed = true;
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="EndOfStreamException">The stream has ended. The Parquet library does not check for the end when it reads single
    /// bytes, and would never stop.</exception>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 1 ? one[0] : throw new EndOfStreamException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception)
        {
            _failed = true;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>A position before the beginning comes from a damaged length, not from a failure of the stream.</summary>
    public override long Seek(long offset, SeekOrigin origin)
    {
        long position = offset + origin switch
        {
            SeekOrigin.Current => Position,
            SeekOrigin.End => Length,
            _ => 0,
        };
        return position >= 0 ? content.Seek(position, SeekOrigin.Begin) : throw new EndOfStreamException();
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
