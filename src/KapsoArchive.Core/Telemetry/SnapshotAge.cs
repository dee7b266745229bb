using System.Diagnostics.Metrics;

namespace KapsoArchive.Core.Telemetry;

/// <summary>The age of the newest snapshot that this process has seen. It learns of snapshots when it reads the pointer and when it commits
/// a run. Measuring sends no request to the store.</summary>
internal static class SnapshotAge
{
    private static long _finishedAt;

    static SnapshotAge() =>
        ArchiveTelemetry.Meter.CreateObservableGauge("kapso_archive.snapshot.age", Measure, "s", "Time since the last run was committed.");

    /// <summary>Records that a snapshot was committed.</summary>
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
