namespace KapsoArchive.Core.Telemetry;

/// <summary>The names of spans. A request to the source has the runtime's own span.</summary>
internal static class SpanNames
{
    /// <summary>One slice of a run. A run of several slices has one span per slice, each linked to the one before.</summary>
    public const string Run = "run";

    public const string Conversation = "conversation";

    public const string Sweep = "sweep";

    public const string Part = "part";
}
