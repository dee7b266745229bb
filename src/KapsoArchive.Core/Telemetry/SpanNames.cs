namespace KapsoArchive.Core.Telemetry;

/// <summary>What the spans are called. A request to the source is the runtime's own span.</summary>
internal static class SpanNames
{
    /// <summary>One slice of a run: a run of more than one slice has a span for each, linked to the one before.</summary>
    public const string Run = "run";

    public const string Conversation = "conversation";

    public const string Sweep = "sweep";

    public const string Part = "part";
}
