using System.Net;
using KapsoArchive.Core.Archive;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace KapsoArchive.Cli.Serve;

/// <summary>The proxies that are believed when they say for whom they call.</summary>
internal sealed class TrustedProxies
{
    private readonly IPNetwork[] _networks;

    private TrustedProxies(IPNetwork[] networks) => _networks = networks;

    /// <summary>Whether there are any.</summary>
    public bool AreNamed => _networks.Length > 0;

    /// <summary>How their headers are read: the rightmost address that is none of theirs is the client's.</summary>
    public ForwardedHeadersOptions Headers
    {
        get
        {
            var options = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
                ForwardLimit = null,
            };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (IPNetwork network in _networks)
                options.KnownIPNetworks.Add(network);
            return options;
        }
    }

    /// <param name="setting">Addresses and networks, with commas between; empty for none.</param>
    /// <exception cref="SettingException">One is neither.</exception>
    public static TrustedProxies Parse(string? setting) =>
        new([.. (setting ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(NetworkOf)]);

    /// <summary>Whether the address is that of one of them.</summary>
    public bool Have(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Any(network => network.Contains(plain));
    }

    private static IPNetwork NetworkOf(string text)
    {
        if (text.Contains('/') && IPNetwork.TryParse(text, out IPNetwork network))
            return network;
        // "10" is an address to the parser.
        if (IPAddress.TryParse(text, out IPAddress? address) && (text.Contains(':') || text == address.ToString()))
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        throw new SettingException(
            $"Serve:Proxies (environment Serve__Proxies): \"{text}\" is no address. Write the addresses or networks of "
            + "your proxies with commas between, for example 10.0.0.5,10.1.0.0/16.");
    }
}
