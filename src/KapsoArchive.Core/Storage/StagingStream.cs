using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace KapsoArchive.Core.Storage;

/// <summary>
/// Writes a file that nobody sees yet, and counts and hashes its bytes on the way. Disposing it without
/// <see cref="CompleteAsync"/> abandons the file; nothing but <see cref="IStore.RevealAsync"/> ever makes it visible.
/// </summary>
/// <remarks>
/// Flushing does nothing, because Parquet.Net flushes after every page and each would become a block of its own.
/// After a write has failed the stream has a hole: it drops what is written then, such as the end that a writer adds when it is disposed, and
/// <see cref="CompleteAsync"/> throws that failure.
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

    /// <summary>Where the file will be visible.</summary>
    public StorePath Path { get; }

    /// <summary>The bytes written so far.</summary>
    public sealed override long Length => _length;

    /// <summary>As <see cref="Length"/>; cannot be set.</summary>
    public sealed override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => _writable;

    /// <summary>Tells this staging from every other one of the same path.</summary>
    private protected string Attempt { get; } = Guid.NewGuid().ToString("N");

    /// <summary>False where the content has a hole, and so the last write may still be using its buffer.</summary>
    private protected bool IsIntact => _writable || _completed;

    /// <summary>Finishes staging: every byte is on disk, or sent. Nothing is visible yet. Can be called once.</summary>
    /// <exception cref="StoreException">The store failed, at this or at a write before.</exception>
    /// <exception cref="InvalidOperationException">The stream is completed or disposed.</exception>
    public async Task<StagedFile> CompleteAsync(CancellationToken cancellationToken)
    {
        _failure?.Throw();
        Enter();
        int blocks = await FinishAsync(cancellationToken);
        _completed = true;
        return new StagedFile(Path, _stage, Attempt, blocks, _length, Convert.ToHexStringLower(_hash.GetHashAndReset()));
    }

    public sealed override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_failure is not null)
            return;
        Enter();
        try
        {
            Append(buffer);
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

    /// <summary>Sends or syncs what is left.</summary>
    /// <returns>The number of blocks; 0 where the file has none.</returns>
    private protected abstract Task<int> FinishAsync(CancellationToken cancellationToken);

    /// <summary>Lets go of everything; called once.</summary>
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
        _hash.AppendData(written);
        _length += written.Length;
        _writable = true;
    }
}
