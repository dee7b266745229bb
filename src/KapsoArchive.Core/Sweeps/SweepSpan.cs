using KapsoArchive.Core.Telemetry;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Traces one sweep. A sweep that was paused or failed has no verdict.</summary>
internal static class SweepSpan
{
    public static Activity? Start() => ArchiveTelemetry.Source.StartActivity(SpanNames.Sweep);

    public static void End(Activity? span, SweepResult result, int pages)
    {
        if (span is null)
            return;
        span.SetTag(AttributeNames.SweepKind, result.IsHead ? "head" : "full");
        span.SetTag(AttributeNames.SweepPages, pages);
        span.SetTag(AttributeNames.SweepMessages, result.Count);
        span.SetTag(
            AttributeNames.SweepVerdict, result.Problem is not null ? "broken" : result.IsHead || result.IsProof ? "proof" : "open");
    }
}
