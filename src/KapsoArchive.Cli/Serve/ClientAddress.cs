using System.Net.Sockets;

namespace KapsoArchive.Cli.Serve;

/// <summary>Which addresses count as one client.</summary>
internal static class ClientAddress
{
    /// <summary>The prefix length of an IPv6 client's network. The client can use any address in it.</summary>
    private const int OwnBits = 64;

    /// <summary>The address of an IPv4 client, the network of an IPv6 one; empty if it is not known.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
            return address.ToString();
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(OwnBits / 8).Clear();
        return new IPAddress(bytes).ToString();
    }
}
