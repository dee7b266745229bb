using System.Diagnostics.Metrics;

namespace KapsoArchive.Core.Telemetry;

/// <summary>The source of the program's spans and metrics. Without a listener both cost almost nothing. They carry counts, ids of
/// conversations and runs, and paths of parts. They never carry a message's text, a phone number, a name, a key or a media link.</summary>
public static class ArchiveTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "KapsoArchive";

    internal static readonly ActivitySource Source = new(Name, Version);

    internal static readonly Meter Meter = new(Name, Version);

    /// <summary>The program's version.</summary>
    public static string Version => typeof(ArchiveTelemetry).Assembly.GetName().Version!.ToString(3);
}
