using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace KapsoArchive.Cli.Serve;

/// <summary>The proxies whose forwarding headers are trusted.</summary>
internal sealed class TrustedProxies
{
    private readonly IPNetwork[] _networks;

    private TrustedProxies(IPNetwork[] networks) => _networks = networks;

    /// <summary>Whether any proxy is trusted.</summary>
    public bool AreNamed => _networks.Length > 0;

    /// <summary>How the headers are read: the rightmost address that is not a trusted proxy is the client.</summary>
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

    /// <param name="setting">Comma-separated addresses and networks; may be empty.</param>
    /// <exception cref="SettingException">An entry is neither an address nor a network.</exception>
    public static TrustedProxies Parse(string? setting) =>
        new([.. (setting ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(NetworkOf)]);

    /// <summary>Whether the address belongs to a trusted proxy.</summary>
    public bool Have(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Any(network => network.Contains(plain));
    }

    private static IPNetwork NetworkOf(string text)
    {
        if (text.Contains('/') && IPNetwork.TryParse(text, out IPNetwork network))
            return network;
        // The parser accepts "10" as an address.
        if (IPAddress.TryParse(text, out IPAddress? address) && (text.Contains(':') || text == address.ToString()))
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        throw new SettingException(
            $"Serve:Proxies (environment Serve__Proxies): \"{text}\" is not an address. Write the addresses or networks of your proxies, "
            + "separated by commas, for example 10.0.0.5,10.1.0.0/16.");
    }
}
