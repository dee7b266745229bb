using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace KapsoArchive.Core.Telemetry;

/// <summary>
/// Where the program's spans and metrics come from. Both cost next to nothing while nobody listens. What they carry is counts, ids of conversations and runs, and paths of parts: never a message's
/// text, a phone number, a name, a key or a media link.
/// </summary>
public static class ArchiveTelemetry
{
    /// <summary>The name of the one source of spans and of the one meter.</summary>
    public const string Name = "KapsoArchive";

    internal static readonly ActivitySource Source = new(Name, Version);

    internal static readonly Meter Meter = new(Name, Version);

    /// <summary>The program's version.</summary>
    public static string Version => typeof(ArchiveTelemetry).Assembly.GetName().Version!.ToString(3);
}
