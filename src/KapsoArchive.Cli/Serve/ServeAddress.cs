namespace KapsoArchive.Cli.Serve;

/// <summary>The addresses that the server listens on.</summary>
internal static class ServeAddress
{
    private const string Default = "http://127.0.0.1:5081";

    /// <summary>The first that is set: the command line, the environment variables of ASP.NET Core and its container images, the local
    /// machine only.</summary>
    /// <exception cref="SettingException">An address is invalid, or other machines could reach it without a key.</exception>
    public static string[] Of(string? urls, IConfiguration configuration, ApiKeys keys)
    {
        string given = urls ?? configuration["ASPNETCORE_URLS"]
            ?? (configuration["ASPNETCORE_HTTP_PORTS"] is { Length: > 0 } ports ? OfPorts(ports) : Default);
        string[] addresses = given.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string address in addresses)
        {
            if (!TryParse(address, out string host))
                throw new SettingException(
                    $"--urls: \"{address}\" is not an address to listen on. Write {Default}, or several, separated by semicolons.");
            if (!keys.AreNeeded && !IsLoopback(host))
                throw new SettingException($"--urls: {address} can be reached from other machines, but there are no API keys. Set " +
                    $"Api:Keys (environment Api__Keys; make one with: openssl rand -hex 32), or listen on {Default}.");
        }

        return addresses.Length > 0 ? addresses : [Default];
    }

    private static string OfPorts(string ports) =>
        string.Join(';', ports.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(port => $"http://*:{port}"));

    /// <summary>Parses an address as Kestrel does. Kestrel listens on all interfaces if it does not recognize the host, so an unrecognized
    /// host is an error here.</summary>
    private static bool TryParse(string address, out string host)
    {
        host = "";
        try
        {
            BindingAddress parsed = BindingAddress.Parse(address);
            host = parsed.Host;
            bool isHost = !parsed.IsUnixPipe && !parsed.IsNamedPipe
                && (host is "*" or "+" || Uri.CheckHostName(host) != UriHostNameType.Unknown);
            return isHost && parsed.Scheme is ("http" or "https") && parsed.PathBase.Length == 0
                && parsed.Port is >= 0 and <= IPEndPoint.MaxPort && !(parsed.Port == 0 && IsLocalhost(host));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsLoopback(string host) =>
        IsLocalhost(host) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsLocalhost(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
