using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Cli.Serve;

/// <summary>Options of the server. Section <c>Serve</c>.</summary>
internal sealed class ServeOptions
{
    public const string Section = "Serve";

    /// <summary>Number of runs and exports executed in parallel, 1 to 16. They share the key's rate limit, so more workers are not faster,
    /// but short jobs wait less behind long ones.</summary>
    [Range(1, 16, ErrorMessage = "Serve:Workers (environment Serve__Workers) must be a number from 1 to 16.")]
    public int Workers { get; set; } = 3;

    /// <summary>Whether agents may read the archive at <c>/mcp</c>, with a key as for the API.</summary>
    public bool Mcp { get; set; } = true;

    /// <summary>Comma-separated addresses or networks of proxies; see <see cref="TrustedProxies"/>. If empty, no proxy is
    /// trusted.</summary>
    public string? Proxies { get; set; }
}
