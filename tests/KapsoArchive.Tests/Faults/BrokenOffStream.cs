namespace KapsoArchive.Tests.Faults;

/// <summary>A file that cannot be read beyond its middle.</summary>
internal sealed class BrokenOffStream(Stream content, Exception fault) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position
    {
        get => content.Position;
        set => content.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (Position >= Length / 2)
            throw fault;
        return content.Read(buffer, offset, (int)Math.Min(count, (Length / 2) - Position));
    }

    public override long Seek(long offset, SeekOrigin origin) => content.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }
}
