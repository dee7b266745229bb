using System.Reflection;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>A real store that counts the bytes and documents read of journals, slice by slice. Public because a proxy derives from
/// it.</summary>
public class JournalReads : DispatchProxy
{
    private readonly Lock _lock = new();
    private readonly List<(long Bytes, int Documents)> _slices = [(0, 0)];
    private IStore? _inner;

    /// <summary>From the head that one slice writes to that of the next.</summary>
    public IReadOnlyList<(long Bytes, int Documents)> Slices => _slices;

    public static (IStore Store, JournalReads Reads) Of(IStore inner)
    {
        IStore store = Create<IStore, JournalReads>();
        var reads = (JournalReads)(object)store;
        reads._inner = inner;
        return (store, reads);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        object? result = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        if (args is not [StorePath path, ..] || !path.Name.StartsWith("journal/", StringComparison.Ordinal))
            return result;
        switch (result)
        {
            case Task<StoredDocument?> document:
                return CountAsync(document);
            case Task<Stream?> stream:
                return CountAsync(stream);
            case Task<string> when path.Name.EndsWith("/run.json", StringComparison.Ordinal):
                lock (_lock)
                    _slices.Add((0, 0));
                return result;
            default:
                return result;
        }
    }

    private async Task<StoredDocument?> CountAsync(Task<StoredDocument?> reading)
    {
        StoredDocument? document = await reading;
        Add(document?.Content.Length ?? 0, 1);
        return document;
    }

    private async Task<Stream?> CountAsync(Task<Stream?> opening)
    {
        Add(0, 1);
        return await opening is { } stream ? new Counted(stream, bytes => Add(bytes, 0)) : null;
    }

    private void Add(long bytes, int documents)
    {
        lock (_lock)
            _slices[^1] = (_slices[^1].Bytes + bytes, _slices[^1].Documents + documents);
    }

    internal sealed class Counted(Stream inner, Action<int> count) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await inner.ReadAsync(buffer, cancellationToken);
            count(read);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, length), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int length)
        {
            int read = inner.Read(buffer, offset, length);
            count(read);
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int length) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
