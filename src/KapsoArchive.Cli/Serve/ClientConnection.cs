using Microsoft.AspNetCore.Connections;

namespace KapsoArchive.Cli.Serve;

/// <summary>A connection, and whether it waits for a request. Its feature in the requests that come by it.</summary>
internal sealed class ClientConnection(ConnectionContext connection)
{
    private static long _order;

    private int _requests;
    private long _waitsSince = Interlocked.Increment(ref _order);

    /// <summary>Whether no request is being answered: none has come whole yet, or all have been answered.</summary>
    public bool Waits => Volatile.Read(ref _requests) == 0;

    /// <summary>A number that is smaller the longer the connection has waited.</summary>
    public long WaitsSince => Volatile.Read(ref _waitsSince);

    public void Begin() => Interlocked.Increment(ref _requests);

    public void End()
    {
        Volatile.Write(ref _waitsSince, Interlocked.Increment(ref _order));
        Interlocked.Decrement(ref _requests);
    }

    public void Abort() => connection.Abort(new ConnectionAbortedException("Its address has too many connections."));
}
