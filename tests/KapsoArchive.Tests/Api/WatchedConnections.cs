using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace KapsoArchive.Tests.Api;

/// <summary>Knows of each connection to a server whether the server has taken all that came, and waits for more.</summary>
internal sealed class WatchedConnections
{
    private readonly ConcurrentDictionary<int, Reader> _readers = new();

    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        int port = ((IPEndPoint)connection.RemoteEndPoint!).Port;
        var reader = new Reader(connection.Transport.Input);
        connection.Transport = new Pipes(reader, connection.Transport.Output);
        _readers[port] = reader;
        try
        {
            await next(connection);
        }
        finally
        {
            _readers.TryRemove(port, out _);
        }
    };

    /// <param name="port">Of the client's end of the connection.</param>
    /// <param name="sent">How many bytes the client has sent.</param>
    public bool WaitsForMore(int port, long sent) => _readers.TryGetValue(port, out Reader? reader) && reader.WaitsBehind(sent);

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Counts what the server has been given, whether or not it has made use of it yet.</summary>
    private sealed class Reader(PipeReader inner) : PipeReader
    {
        private readonly Lock _lock = new();
        private ReadResult _last;
        private long _consumed;
        private long _given;
        private bool _isWaiting;

        public bool WaitsBehind(long sent)
        {
            lock (_lock)
                return _isWaiting && _given == sent;
        }

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            ValueTask<ReadResult> reading = inner.ReadAsync(cancellationToken);
            if (!reading.IsCompleted)
            {
                lock (_lock)
                    _isWaiting = true;
            }

            try
            {
                return Given(await reading);
            }
            finally
            {
                lock (_lock)
                    _isWaiting = false;
            }
        }

        public override bool TryRead(out ReadResult result)
        {
            if (!inner.TryRead(out result))
                return false;
            Given(result);
            return true;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _consumed += _last.Buffer.Slice(0, consumed).Length;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        private ReadResult Given(ReadResult result)
        {
            lock (_lock)
            {
                _last = result;
                _given = _consumed + result.Buffer.Length;
                _isWaiting = false;
            }

            return result;
        }
    }
}
