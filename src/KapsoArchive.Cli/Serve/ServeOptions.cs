using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Cli.Serve;

/// <summary>How the server works. Section <c>Serve</c>.</summary>
internal sealed class ServeOptions
{
    public const string Section = "Serve";

    /// <summary>Runs and exports that are carried out at once, 1 to 16. They share the key's rate limit, so more are not faster; a short one waits less behind long ones.</summary>
    [Range(1, 16, ErrorMessage = "Serve:Workers (environment Serve__Workers) must be a number from 1 to 16.")]
    public int Workers { get; set; } = 3;
}
