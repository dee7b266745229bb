using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Inspection.Status;

namespace KapsoArchive.Cli.Serve;

/// <summary>Starts the nightly run when it is due, and once if it became due while the server was down.</summary>
internal sealed class ScheduleService(NightlySchedule schedule, IServiceProvider services, TimeProvider time, ILogger<ScheduleService> log)
    : BackgroundService
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait before the clock is read again: the machine may sleep, and its clock may be changed.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>A run that began further in the future was started with a wrong clock, so its real time is unknown.</summary>
    private static readonly TimeSpan WrongClock = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await IsPastDueAsync(stoppingToken))
                await BeginAsync(isLate: true, stoppingToken);
            while (true)
            {
                await WaitUntilDueAsync(stoppingToken);
                await BeginAsync(isLate: false, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    /// <summary>Whether a run was due between the newest run and now. False if there was never a run.</summary>
    private async Task<bool> IsPastDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            (IReadOnlyList<RunSummary> newest, _) = await services.GetRequiredService<ArchiveStatus>()
                .ListAsync(before: null, most: 1, cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            return newest is [{ StartedAt: { } startedAt }] && (startedAt > now + WrongClock || schedule.After(startedAt) <= now);
        }
        catch (StoreException e)
        {
            ServeLog.NotBegun(log, e);
            return false;
        }
    }

    /// <summary>If the clock is set back, an earlier time becomes due again.</summary>
    private async Task WaitUntilDueAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset due = schedule.After(time.GetUtcNow());
        ServeLog.NextRun(log, due);
        while (due - time.GetUtcNow() is { Ticks: > 0 } left)
        {
            await Task.Delay(left < LongestWait ? left : LongestWait, time, cancellationToken);
            DateTimeOffset next = schedule.After(time.GetUtcNow());
            if (next >= due)
                continue;
            due = next;
            ServeLog.NextRun(log, due);
        }
    }

    /// <summary>Retries until the run has started or the next one is due.</summary>
    private async Task BeginAsync(bool isLate, CancellationToken cancellationToken)
    {
        DateTimeOffset next = schedule.After(time.GetUtcNow());
        while (true)
        {
            try
            {
                await services.GetRequiredService<NightlyDesk>().DueAsync(isLate, cancellationToken);
                return;
            }
            catch (Exception e) when (e is StoreException or SettingException)
            {
                ServeLog.NotBegun(log, e);
            }

            if (time.GetUtcNow() + RetryPause >= next)
                return;
            await Task.Delay(RetryPause, time, cancellationToken);
        }
    }
}
