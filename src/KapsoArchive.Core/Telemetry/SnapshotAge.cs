using System.Diagnostics.Metrics;

namespace KapsoArchive.Core.Telemetry;

/// <summary>
/// How old the newest snapshot is that this process has seen: by the pointer to it, whenever that is read, and by its own commits. Nothing is asked of the store when it is measured.
/// </summary>
internal static class SnapshotAge
{
    private static long _finishedAt;

    static SnapshotAge() => ArchiveTelemetry.Meter.CreateObservableGauge("kapso_archive.snapshot.age", Measure, "s", "Since the last run was committed.");

    /// <summary>A snapshot is known to be committed.</summary>
    public static void Know(DateTimeOffset finishedAt)
    {
        long known = Interlocked.Read(ref _finishedAt);
        while (finishedAt.UtcTicks > known)
        {
            long before = Interlocked.CompareExchange(ref _finishedAt, finishedAt.UtcTicks, known);
            if (before == known)
                return;
            known = before;
        }
    }

    private static IEnumerable<Measurement<double>> Measure() => Interlocked.Read(ref _finishedAt) is > 0 and var finishedAt
        ? [new Measurement<double>((TimeProvider.System.GetUtcNow() - new DateTimeOffset(finishedAt, TimeSpan.Zero)).TotalSeconds)]
        : [];
}
