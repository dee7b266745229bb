using Microsoft.AspNetCore.Connections;

namespace KapsoArchive.Cli.Serve;

/// <summary>Limits the connections of each address, so that no client uses up the server's connections. A new connection over the limit
/// closes that address's connection that has waited longest for a request, so a client that opens connections and sends nothing closes its
/// own. If none is waiting, the new one is refused. Trusted proxies are not limited.</summary>
internal sealed class ConnectionGate(TrustedProxies proxies)
{
    /// <summary>A fifth of the server's connections, and more than a program needs for parallel exports.</summary>
    public const int MostOfAddress = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<ClientConnection>> _open = new(StringComparer.Ordinal);

    /// <summary>The connection middleware, for the server's endpoints.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var address } || proxies.Have(address))
        {
            await next(connection);
            return;
        }

        string client = ClientAddress.Of(address);
        var mine = new ClientConnection(connection);
        if (!TryEnter(client, mine))
            return; // Kestrel closes it.
        try
        {
            connection.Features.Set(mine);
            await next(connection);
        }
        finally
        {
            Leave(client, mine);
        }
    };

    /// <summary>The request middleware: a connection is not idle while it answers a request.</summary>
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        ClientConnection? connection = context.Features.Get<ClientConnection>();
        connection?.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            connection?.End();
        }
    }

    private bool TryEnter(string client, ClientConnection connection)
    {
        ClientConnection? longest = null;
        lock (_lock)
        {
            if (!_open.TryGetValue(client, out List<ClientConnection>? open))
                _open.Add(client, open = []);
            if (open.Count >= MostOfAddress)
            {
                longest = open.Where(c => c.Waits).MinBy(c => c.WaitsSince);
                if (longest is null)
                    return false;
                open.Remove(longest);
            }

            open.Add(connection);
        }

        longest?.Abort();
        return true;
    }

    private void Leave(string client, ClientConnection connection)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(client, out List<ClientConnection>? open) && open.Remove(connection) && open.Count == 0)
                _open.Remove(client);
        }
    }
}
