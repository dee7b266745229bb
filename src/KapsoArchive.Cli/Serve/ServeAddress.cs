using System.Net;
using KapsoArchive.Core.Runs;
using Microsoft.Extensions.Configuration;

namespace KapsoArchive.Cli.Serve;

/// <summary>Where the server listens.</summary>
internal static class ServeAddress
{
    private const string Default = "http://127.0.0.1:5081";

    /// <summary>What the command line says, then what the environment of ASP.NET Core and its container images say, then this machine alone.</summary>
    /// <exception cref="SettingException">An address is none, or others could reach it without a key.</exception>
    public static string[] Of(string? urls, IConfiguration configuration, ApiKeys keys)
    {
        string given = urls ?? configuration["ASPNETCORE_URLS"] ?? (configuration["ASPNETCORE_HTTP_PORTS"] is { Length: > 0 } ports ? OfPorts(ports) : Default);
        string[] addresses = given.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string address in addresses)
        {
            // The wildcards of Kestrel are no host names.
            if (!Uri.TryCreate(address.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out Uri? url)
                || url.Scheme is not ("http" or "https") || url.PathAndQuery != "/")
            {
                throw new SettingException($"--urls: \"{address}\" is no address to listen at. Write http://127.0.0.1:5081, or several with a semicolon between.");
            }

            if (!keys.AreNeeded && !IsLoopback(url))
                throw new SettingException($"--urls: {address} can be reached from other machines, and there are no API keys. Set Api:Keys (environment Api__Keys; make one with: openssl rand -hex 32), or listen at {Default}.");
        }

        return addresses.Length > 0 ? addresses : [Default];
    }

    private static string OfPorts(string ports) => string.Join(';', ports.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(port => $"http://*:{port}"));

    private static bool IsLoopback(Uri url) => url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
