using Microsoft.AspNetCore.Connections;

namespace KapsoArchive.Cli.Serve;

/// <summary>A connection and whether it is waiting for a request. Requests on the connection have it as a feature.</summary>
internal sealed class ClientConnection(ConnectionContext connection)
{
    private static long _order;

    private int _requests;
    private long _waitsSince = Interlocked.Increment(ref _order);

    /// <summary>Whether the connection is idle: no complete request has arrived, or all were answered.</summary>
    public bool Waits => Volatile.Read(ref _requests) == 0;

    /// <summary>A number that is smaller for connections that have waited longer.</summary>
    public long WaitsSince => Volatile.Read(ref _waitsSince);

    public void Begin() => Interlocked.Increment(ref _requests);

    public void End()
    {
        Volatile.Write(ref _waitsSince, Interlocked.Increment(ref _order));
        Interlocked.Decrement(ref _requests);
    }

    public void Abort() => connection.Abort(new ConnectionAbortedException("The client address has too many connections."));
}
