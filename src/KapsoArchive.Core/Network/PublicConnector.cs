using System.Net;
using System.Net.Sockets;

namespace KapsoArchive.Core.Network;

/// <summary>Connects to addresses that a stranger chose, if they are public. The address is checked when the connection is made, and the
/// checked address is the one connected to, so a name that changes its address meanwhile leads nowhere else.</summary>
/// <param name="resolve">Looks up the addresses of a name.</param>
/// <param name="connect">Connects to an address.</param>
public sealed class PublicConnector(
    Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPEndPoint, CancellationToken, Task<Stream>> connect)
{
    /// <summary>Uses this machine's name resolution and network.</summary>
    public static PublicConnector OfSystem { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync);

    /// <summary>Decides on an address. Tests replace it to prove that they would notice a broken check.</summary>
    internal Func<IPAddress, bool> IsPublic { get; init; } = PublicAddress.Is;

    /// <summary>A handler whose every connection is checked. It follows no redirect, uses no proxy, and keeps no cookie.</summary>
    /// <param name="orThisMachine">It connects to this machine too, and over http to nothing else.</param>
    public SocketsHttpHandler NewHandler(bool orThisMachine = false) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ActivityHeadersPropagator = null, // No spans: they would contain the path, which may be a secret.
        ConnectCallback = async (context, cancellationToken) =>
        {
            bool isHttp = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttp;
            return await OpenAsync(
                context.DnsEndPoint,
                address => orThisMachine && (isHttp || IPAddress.IsLoopback(address)) ? IPAddress.IsLoopback(address) : IsPublic(address),
                cancellationToken);
        },
    };

    /// <exception cref="AddressRefusedException">At least one address of the name is not allowed.</exception>
    private async Task<Stream> OpenAsync(DnsEndPoint place, Func<IPAddress, bool> isAllowed, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(place.Host, out IPAddress? literal)
            ? [literal]
            : await resolve(place.Host, cancellationToken);
        if (!addresses.All(isAllowed))
            throw new AddressRefusedException();
        for (int i = 0; ; i++)
        {
            if (i >= addresses.Length)
                throw new SocketException((int)SocketError.HostNotFound);
            try
            {
                return await connect(new IPEndPoint(addresses[i], place.Port), cancellationToken);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                // The next address of the name may answer.
            }
        }
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint place, CancellationToken cancellationToken)
    {
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(place, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
