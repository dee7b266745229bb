using System.Runtime.ExceptionServices;

namespace KapsoArchive.Core.Storage;

/// <summary>Writes an invisible file, and counts and hashes its bytes. Disposing it without <see cref="CompleteAsync"/> abandons the file.
/// Only <see cref="IStore.RevealAsync"/> makes it visible.</summary>
/// <remarks>
/// Flushing does nothing, because Parquet.Net flushes after every page and each flush would become a block. After a failed write the stream
/// has a gap. It ignores later writes, such as the footer that a writer adds on disposal, and <see cref="CompleteAsync"/> throws the
/// original failure.
/// </remarks>
public abstract class StagingStream : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string _stage;
    private bool _writable = true;
    private bool _completed;
    private bool _disposed;
    private long _length;
    private ExceptionDispatchInfo? _failure;

    private protected StagingStream(StorePath path, string stage)
    {
        StorePath.CheckSegment(stage);
        Path = path;
        _stage = stage;
    }

    /// <summary>The path at which the file will be visible.</summary>
    public StorePath Path { get; }

    /// <summary>A stream that gets the same bytes, because a staged file cannot be read; null for none. Its owner completes it.</summary>
    public Stream? Copy { get; set; }

    /// <summary>The SHA-256 of all bytes that will be written, if the writer has computed it, so that it is not computed again.</summary>
    public string? KnownSha256 { private get; set; }

    /// <summary>The bytes written so far.</summary>
    public sealed override long Length => _length;

    /// <summary>Same as <see cref="Length"/>; cannot be set.</summary>
    public sealed override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => _writable;

    /// <summary>Identifies this staging among others of the same path.</summary>
    private protected string Attempt { get; } = Guid.NewGuid().ToString("N");

    /// <summary>False if the content has a gap; the last write may then still be using its buffer.</summary>
    private protected bool IsIntact => _writable || _completed;

    /// <summary>Finishes staging: every byte is on disk or sent. The file stays invisible. Call it once.</summary>
    /// <exception cref="StoreException">This write or an earlier one failed.</exception>
    /// <exception cref="InvalidOperationException">The stream is completed or disposed.</exception>
    public async Task<StagedFile> CompleteAsync(CancellationToken cancellationToken)
    {
        _failure?.Throw();
        Enter();
        int blocks = await FinishAsync(cancellationToken);
        _completed = true;
        return new StagedFile(
            Path, _stage, Attempt, blocks, _length, KnownSha256 ?? Convert.ToHexStringLower(_hash.GetHashAndReset()));
    }

    public sealed override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_failure is not null)
            return;
        Enter();
        try
        {
            Append(buffer);
            Copy?.Write(buffer);
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
        Leave(buffer);
    }

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public sealed override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_failure is not null)
            return;
        Enter();
        try
        {
            await AppendAsync(buffer, cancellationToken);
            if (Copy is not null)
                await Copy.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
        Leave(buffer.Span);
    }

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override void Flush()
    {
    }

    public sealed override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    private protected abstract void Append(ReadOnlySpan<byte> bytes);

    private protected abstract ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Sends or syncs the remaining bytes.</summary>
    /// <returns>The number of blocks; 0 if the store has no blocks.</returns>
    private protected abstract Task<int> FinishAsync(CancellationToken cancellationToken);

    /// <summary>Releases all resources; called once.</summary>
    private protected abstract void Release(bool completed);

    protected sealed override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            Release(_completed);
            _writable = false;
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Enter()
    {
        if (!_writable)
            throw new InvalidOperationException($"The staging of {Path} takes no more bytes: it is completed or disposed.");
        _writable = false;
    }

    private void Leave(ReadOnlySpan<byte> written)
    {
        if (KnownSha256 is null)
            _hash.AppendData(written);
        _length += written.Length;
        _writable = true;
    }
}
