using System.Diagnostics.Metrics;

namespace KapsoArchive.Core.Telemetry;

/// <summary>All instruments except <see cref="SnapshotAge"/>. Nothing is measured per message.</summary>
internal static class Instruments
{
    public static readonly Counter<long> Requests = ArchiveTelemetry.Meter.CreateCounter<long>(
        "kapso_archive.requests", "{request}", "Requests sent to Kapso, retries among them.");

    public static readonly Counter<long> Retries = ArchiveTelemetry.Meter.CreateCounter<long>(
        "kapso_archive.retries", "{request}", "Requests sent again after a failure or a 429.");

    public static readonly Counter<long> Throttles = ArchiveTelemetry.Meter.CreateCounter<long>(
        "kapso_archive.throttles", "{request}", "Requests that Kapso answered with 429.");

    public static readonly Counter<long> Conversations = ArchiveTelemetry.Meter.CreateCounter<long>(
        "kapso_archive.conversations", "{conversation}", "Conversations that were read, by outcome.");

    public static readonly Counter<long> IncompleteConversations = ArchiveTelemetry.Meter.CreateCounter<long>(
        "kapso_archive.incomplete_conversations", "{conversation}", "Conversations that committed runs could not show to be complete.");

    public static readonly Counter<long> Messages = ArchiveTelemetry.Meter.CreateCounter<long>(
        "kapso_archive.messages", "{message}", "Message versions in committed runs, by change.");

    public static readonly Counter<long> Files = ArchiveTelemetry.Meter.CreateCounter<long>(
        "kapso_archive.files", "{file}", "Files behind messages that committed runs tried to fetch, by outcome.");

    public static readonly Gauge<long> WaitingFiles = ArchiveTelemetry.Meter.CreateGauge<long>(
        "kapso_archive.waiting_files", "{file}", "Files behind messages that the archive waits for, after the last committed run.");

    public static readonly Counter<long> Bytes = ArchiveTelemetry.Meter.CreateCounter<long>(
        "kapso_archive.bytes", "By", "Bytes of the files that were written, by dataset and format.");

    /// <summary>The buckets suit a nightly run: one second to one day.</summary>
    public static readonly Histogram<double> RunDuration = ArchiveTelemetry.Meter.CreateHistogram(
        "kapso_archive.run.duration",
        "s",
        "From the start of a run to its end, over all its slices.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400] });
}
