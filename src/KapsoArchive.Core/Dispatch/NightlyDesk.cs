using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Begins the nightly run, unless one is in progress: only one may run at a time.</summary>
public sealed class NightlyDesk(NightlyRequest nightly, IStore store, IWaker waker, TimeProvider time, ILogger<NightlyDesk> log)
{
    /// <summary>A run without an update for this long is considered dead. It is resumed and finished, but does not count as this night's
    /// run.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    /// <summary>Pause before trying again to begin a nightly run that waits.</summary>
    private static readonly TimeSpan BusyPause = TimeSpan.FromMinutes(1);

    private const int MostLooks = 20;

    /// <summary>For a run that is committed: what follows its manifest may take a while.</summary>
    private const int MostLooksAtEnd = 100;

    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(100);

    private readonly ProgressDocuments _records = new(store);
    private readonly UnfinishedRuns _unfinished = new(store, time);

    /// <summary>Handles the nightly run when it is due, whatever timer called. Also gives exports that were given up another
    /// chance.</summary>
    /// <param name="isLate">Whether it was due earlier, while no timer was running. It is begun once, however many nights were
    /// missed.</param>
    /// <exception cref="StoreException">The store or the queue failed: call it again.</exception>
    public async Task DueAsync(bool isLate, CancellationToken cancellationToken)
    {
        if (isLate)
            DispatchLogs.Late(log);
        try
        {
            await store.PrepareAsync(cancellationToken);
            await _unfinished.ReviveAsync(RunKind.Export, cancellationToken);
            await StartOrWaitAsync("timer", cancellationToken);
        }
        catch (SettingException e)
        {
            DispatchLogs.NightRefused(log, e); // It would fail again, so it is reported once.
        }
    }

    /// <summary>Begins the nightly run. If other work is in progress, the run waits in the store and begins after that.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public async Task<NightlyStart> StartOrWaitAsync(string trigger, CancellationToken cancellationToken)
    {
        NightlyStart start = await StartAsync(trigger, cancellationToken);
        DispatchLogs.Nightly(log, start);
        if (start.Outcome != NightlyOutcome.Busy)
            return start;
        await new WaitingNight(trigger, time.GetUtcNow() + BusyPause).SaveAsync(store, cancellationToken);
        await waker.WakeAsync(new RunMessage(null, RunKind.Archive), BusyPause, cancellationToken);
        return start;
    }

    /// <summary>Begins the nightly run that waits in the store, if the archive is free.</summary>
    /// <returns>When to try again; null if none waits.</returns>
    /// <exception cref="StoreException">The store or the queue failed.</exception>
    internal async Task<DateTimeOffset?> BeginWaitingAsync(CancellationToken cancellationToken)
    {
        if (await FindWaitingAsync(cancellationToken) is not { } night)
            return null;
        if (night.NotBefore > time.GetUtcNow())
            return night.NotBefore;
        try
        {
            if ((await StartOrWaitAsync(night.Trigger, cancellationToken)).Outcome == NightlyOutcome.Busy)
                return time.GetUtcNow() + BusyPause;
        }
        catch (SettingException e)
        {
            DispatchLogs.NightDropped(log, e);
        }

        await store.DeleteAsync(WaitingNight.Path, cancellationToken);
        return null;
    }

    /// <summary>The nightly run that waits in the store, and when to try to begin it; null if none waits. An unfinished run goes
    /// first.</summary>
    internal async Task<WaitingNight?> FindWaitingAsync(CancellationToken cancellationToken)
    {
        if (await WaitingNight.ReadAsync(store, cancellationToken) is not { } night)
            return null;
        DateTimeOffset now = time.GetUtcNow();
        if (night.NotBefore > now && night.NotBefore - now <= BusyPause) // Otherwise the clock was set back.
            return night;
        return night with { NotBefore = await _unfinished.HasArchiveRunAsync(cancellationToken) ? now + BusyPause : now };
    }

    /// <summary>Begins the nightly run: writes the request and wakes a worker. An unfinished run is resumed first.</summary>
    /// <param name="trigger">What requests it: <c>timer</c> or <c>http</c>.</param>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    /// <exception cref="StoreException">The store or the queue failed.</exception>
    public async Task<NightlyStart> StartAsync(string trigger, CancellationToken cancellationToken)
    {
        RunRequest request = await nightly.ReadAsync(trigger, cancellationToken);
        await store.PrepareAsync(cancellationToken);
        await waker.PrepareAsync(cancellationToken);
        for (int look = 1; ; look++)
        {
            try
            {
                return await WriterLock.HoldAsync(
                    store, time, exportId: null, trigger: null, held => StartHeldAsync(request, held), cancellationToken);
            }
            catch (RunOvertakenException e)
            {
                return new NightlyStart(NightlyOutcome.Busy, null, e.Message);
            }
            catch (StoreLockedException e)
            {
                bool isVerification = e.Holder.Purpose == ArchiveLock.Verification;
                bool isEnding = !isVerification && await IsEndingAsync(cancellationToken);
                if (!isEnding && await UnfinishedAsync(request, isAtWork: !isVerification, cancellationToken) is { } start)
                    return start;
                if (isVerification || look >= (isEnding ? MostLooksAtEnd : MostLooks))
                    return new NightlyStart(
                        NightlyOutcome.Busy, null,
                        $"The archive is in use {e.Holder.Describe()}. The nightly run can start when that ends.");
            }

            await Task.Delay(LookPause, cancellationToken); // A run that has ended is about to release its lock.
        }
    }

    private async Task<NightlyStart> StartHeldAsync(RunRequest request, WriterLock held)
    {
        await new PendingRuns(store, held.Claims, time).SettleAsync(held.Interruption);
        return await UnfinishedAsync(request, isAtWork: false, held.Interruption)
            ?? await BeginAsync(request, held.Claims, held.Interruption);
    }

    private async Task<NightlyStart> BeginAsync(RunRequest request, RunClaims claims, CancellationToken cancellationToken)
    {
        NewestRun newest = await new LatestSnapshot(store).FindAsync(cancellationToken);
        IReadOnlyList<string> damages = claims.Damage is { } damage ? [damage] : [];
        JournalHead head = await JournalHead.AtPlaceAsync(
            store, request, RunId.New(time, newest.RunId), newest, damages, cancellationToken);
        await claims.BeginAsync(head.RunId, newest.RunId, cancellationToken);
        await RunJournal.BeginAsync(store, head, cancellationToken);
        await _records.WriteAsync(ProgressDocument.Of(head), cancellationToken);
        await WakeAsync(head.RunId, cancellationToken);
        return new NightlyStart(NightlyOutcome.Begun, head.RunId, null);
    }

    /// <summary>Whether the run under way is committed: for its readers it has ended, and it is about to release its lock.</summary>
    private async Task<bool> IsEndingAsync(CancellationToken cancellationToken) =>
        await RunJournal.UnfinishedAsync(store, RunKind.Archive, cancellationToken) is [var runId, ..]
        && await new CommittedRuns(store).FindAsync(runId, cancellationToken) is not null;

    /// <summary>Null if no run is unfinished.</summary>
    private async Task<NightlyStart?> UnfinishedAsync(RunRequest request, bool isAtWork, CancellationToken cancellationToken)
    {
        if (await RunJournal.UnfinishedAsync(store, RunKind.Archive, cancellationToken) is not [var runId, ..])
            return null;
        ProgressDocument? record = await _records.ReadAsync(runId, cancellationToken);
        bool isUnderWay = isAtWork
            || record is { HasEnded: false, Interrupted: false } && (time.GetUtcNow() - record.UpdatedAt).Duration() < Silence;
        if (!isUnderWay)
            await _unfinished.ReviveAsync(runId, RunKind.Archive, cancellationToken);
        await WakeAsync(runId, cancellationToken); // The execution that held it may be gone, and its wake-up too.
        if (!isUnderWay)
            return new NightlyStart(
                NightlyOutcome.Busy, runId,
                $"Run {runId} is unfinished. It is being continued, and the next run can start when it ends.");
        return await ReadsAllOfAsync(runId, request, cancellationToken)
            ? new NightlyStart(NightlyOutcome.Joined, runId, $"Run {runId} is under way, and reads everything that the nightly run reads.")
            : new NightlyStart(NightlyOutcome.Busy, runId, $"Run {runId} is under way. The next run can start when it ends.");
    }

    private async Task<bool> ReadsAllOfAsync(string runId, RunRequest request, CancellationToken cancellationToken)
    {
        if (await new RunJournal(store, runId).ReadHeadAsync(cancellationToken) is not { } head)
            return false; // It has just ended.
        bool hasConversations = head.Conversations is null
            || (request.Conversations.Ids is { } ids && !ids.Except(head.Conversations, StringComparer.Ordinal).Any());
        return head.IsNightly && hasConversations && !request.Formats.Except(head.Formats).Any();
    }

    private Task WakeAsync(string runId, CancellationToken cancellationToken) =>
        waker.WakeAsync(new RunMessage(runId, RunKind.Archive), TimeSpan.Zero, cancellationToken);
}
