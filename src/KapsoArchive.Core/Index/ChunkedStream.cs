namespace KapsoArchive.Core.Index;

/// <summary>An append-only stream of chunks. Chunks are never copied when it grows, and are too small for the large object heap.</summary>
internal sealed class ChunkedStream : Stream
{
    private const int ChunkSize = 64 * 1024;

    private readonly List<byte[]> _chunks = [];
    private int _used = ChunkSize;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => ((long)_chunks.Count * ChunkSize) - (ChunkSize - _used);

    /// <summary>Same as <see cref="Length"/>; cannot be set.</summary>
    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (_used == ChunkSize)
            {
                _chunks.Add(new byte[ChunkSize]);
                _used = 0;
            }

            int count = Math.Min(buffer.Length, ChunkSize - _used);
            buffer[..count].CopyTo(_chunks[^1].AsSpan(_used));
            _used += count;
            buffer = buffer[count..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public void CopyTo(BinaryWriter writer)
    {
        for (int i = 0; i < _chunks.Count; i++)
            writer.Write(_chunks[i].AsSpan(0, i == _chunks.Count - 1 ? _used : ChunkSize));
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
