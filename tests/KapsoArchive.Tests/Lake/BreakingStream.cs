namespace KapsoArchive.Tests.Lake;

/// <summary>A stream that fails after some reads, as that of a store does whose network goes away.</summary>
internal sealed class BreakingStream(byte[] content, int reads) : MemoryStream(content)
{
    private int _left = reads;

    public override int Read(Span<byte> buffer) => base.Read(OneLess(buffer));

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, OneLess(buffer.AsSpan(offset, count)).Length);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..OneLess(buffer.Span).Length], cancellationToken);

    /// <summary>Small reads, so that any file takes some.</summary>
    private Span<byte> OneLess(Span<byte> buffer) =>
        _left-- > 0 ? buffer[..Math.Min(buffer.Length, 4)] : throw new TimeoutException("The store did not answer in time.");
}
