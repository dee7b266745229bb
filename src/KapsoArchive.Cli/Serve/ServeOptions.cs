using System.ComponentModel.DataAnnotations;
using KapsoArchive.Core.Archive;

namespace KapsoArchive.Cli.Serve;

/// <summary>How the server works. Section <c>Serve</c>.</summary>
internal sealed class ServeOptions
{
    public const string Section = "Serve";

    /// <summary>Some 5,000 ordinary messages, fewer than which readers do not like in a row group.</summary>
    private const long LeastRowGroupBytes = 3 * 1024 * 1024;

    /// <summary>Runs and exports that are carried out at once, 1 to 16. They share the key's rate limit, so more are not faster; a short one waits less behind long ones.</summary>
    [Range(1, 16, ErrorMessage = "Serve:Workers (environment Serve__Workers) must be a number from 1 to 16.")]
    public int Workers { get; set; } = 3;

    /// <summary>Addresses or networks of proxies, with commas between: see <see cref="TrustedProxies"/>. Empty: none is believed.</summary>
    public string? Proxies { get; set; }

    /// <summary>Workers share the memory that one run by itself takes for its row groups: each has smaller ones.</summary>
    public RunLimits LimitsOfEach()
    {
        var alone = new RunLimits();
        return alone with { RowGroupBytes = Math.Max(LeastRowGroupBytes, alone.RowGroupBytes / Workers) };
    }
}
