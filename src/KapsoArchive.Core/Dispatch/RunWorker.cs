using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Looks at the journals and carries out what is due: the slice that a wake-up of a function app finds, or all work until a server
/// stops.</summary>
public sealed class RunWorker(
    ProjectArchive archive, NightlyDesk nightly, Callbacks callbacks, IWaker waker, ProcessWaker wakes, ILogger<RunWorker> log)
{
    /// <summary>A run that was updated less than this ago is being carried out by somebody.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <summary>Somebody who carries out a run updates its record more often than this.</summary>
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(5);

    private readonly UnfinishedRuns _unfinished = new(archive.Store, archive.Time);
    private readonly Dictionary<string, (RunKind Kind, Task<(TimeSpan? Pause, bool IsHeld)> Attempt)> _working =
        new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _leftAlone = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _turns = new(StringComparer.Ordinal);
    private Task _delivery = Task.CompletedTask;
    private long _turn;
    private bool _isFailing;

    private DateTimeOffset Now => archive.Time.GetUtcNow();

    /// <inheritdoc cref="HandleAsync(RunMessage, CancellationToken, CancellationToken)"/>
    /// <param name="message">The text of the queue message. One that cannot be read is logged.</param>
    public async Task HandleAsync(string message, CancellationToken interruption, CancellationToken abandoned = default)
    {
        if (RunMessage.TryParse(message) is { } read && (read.RunId is null || RunId.IsOne(read.RunId)))
            await HandleAsync(read, interruption, abandoned);
        else
            DispatchLogs.Unreadable(log);
    }

    /// <summary>Carries out one slice of what is due, and wakes the next worker if something is left to do.</summary>
    /// <param name="message">Names the run that comes first, if it is due.</param>
    /// <param name="interruption">This program is stopping: what was read is kept, and the next worker is woken.</param>
    /// <param name="abandoned">It stops at once: what the journal does not hold yet is read again.</param>
    /// <exception cref="StoreException">The journals cannot be read, or the queue failed: deliver the message again.</exception>
    public async Task HandleAsync(RunMessage message, CancellationToken interruption, CancellationToken abandoned = default)
    {
        try
        {
            await CarryOutAsync(message, interruption, abandoned);
            await DeliverAsync(interruption);
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            await waker.WakeAsync(message, TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <summary>Wakes a worker for what is left to do, in case a wake-up was lost, and makes the callbacks that are due. A run that
    /// somebody carries out has a wake-up.</summary>
    /// <exception cref="StoreException">The journals cannot be read, or the queue failed.</exception>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await WakeNextAsync(cancellationToken);
        await DeliverAsync(cancellationToken);
    }

    private async Task WakeNextAsync(CancellationToken cancellationToken)
    {
        await archive.Store.PrepareAsync(cancellationToken);
        (RunMessage Message, DateTimeOffset DueAt)? next = await nightly.FindWaitingAsync(cancellationToken) is { NotBefore: var night }
            ? (new RunMessage(null, RunKind.Archive), night)
            : null;
        await foreach (UnfinishedRun run in _unfinished.ReadAsync(_ => 0, cancellationToken))
        {
            if (next is { DueAt: var earliest } && earliest <= run.DueAt || await IsUnderWayAsync(run, cancellationToken))
                continue;
            next = (run.Message, run.DueAt);
        }

        if (next is var (message, dueAt))
            await waker.WakeAsync(message, dueAt - Now, cancellationToken);
    }

    /// <summary>Logs a message of the poison queue, and wakes a worker for what is left to do: the message may have failed because its
    /// worker was killed. Attempts without progress are counted in the run's journal.</summary>
    public async Task DropAsync(string message, CancellationToken cancellationToken)
    {
        DispatchLogs.Dropped(log, RunMessage.TryParse(message)?.RunId ?? "unknown");
        try
        {
            await WakeNextAsync(cancellationToken);
        }
        catch (StoreException e)
        {
            DispatchLogs.NotLooked(log, e); // The timer of the function app looks again.
        }
    }

    /// <summary>Carries out archive runs, one at a time, and exports, until it is stopped. Then it interrupts them and waits for them to
    /// save their progress.</summary>
    /// <param name="workers">How many runs and exports are carried out at a time.</param>
    public async Task RunAsync(int workers, CancellationToken stopping)
    {
        // Another process may accept work too. Each look at a blob store costs three requests.
        var interval = TimeSpan.FromSeconds(StoreOpener.IsUrl(archive.Store.Location) ? 30 : 5);
        try
        {
            bool isRevived = false;
            while (true)
            {
                Task woken = wakes.Next;
                DateTimeOffset next = Now + interval;
                try
                {
                    if (!isRevived)
                    {
                        await _unfinished.ReviveAsync(RunKind.Archive, stopping);
                        await _unfinished.ReviveAsync(RunKind.Export, stopping);
                        isRevived = true;
                    }

                    next = await LookAsync(workers, next, stopping);
                    Recovered();
                }
                catch (Exception e) when (!stopping.IsCancellationRequested)
                {
                    Failed(e);
                }

                await WaitAsync(woken, next, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(_working.Values.Select(w => w.Attempt));
            await _delivery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // What was not sent stays in the store.
        }
    }

    /// <summary>Begins what is due while workers are free.</summary>
    /// <returns>When the next work is due, at most the given time.</returns>
    private async Task<DateTimeOffset> LookAsync(int workers, DateTimeOffset next, CancellationToken stopping)
    {
        if (_delivery.IsCompleted)
            _delivery = Task.Run(() => callbacks.DeliverAsync(stopping), CancellationToken.None);
        if (_working.Count >= workers)
            return next;
        DateTimeOffset now = Now;
        bool isArchiveFree = !_working.Values.Any(w => w.Kind == RunKind.Archive);
        if (isArchiveFree && await nightly.BeginWaitingAsync(stopping) is { } night && night < next)
            next = night;
        await foreach (UnfinishedRun run in _unfinished.ReadAsync(id => _turns.GetValueOrDefault(id), stopping))
        {
            if (_working.Count >= workers)
                break;
            if (_working.ContainsKey(run.RunId) || (run.Kind == RunKind.Archive && !isArchiveFree))
                continue;
            DateTimeOffset leftAlone = _leftAlone.GetValueOrDefault(run.RunId);
            DateTimeOffset due = leftAlone > run.DueAt ? leftAlone : run.DueAt;
            if (due > now && due - now <= RunAttempt.LongestPause) // Otherwise the clock was set back.
            {
                next = due < next ? due : next;
                continue;
            }

            _turns[run.RunId] = ++_turn;
            _working[run.RunId] = (run.Kind, Task.Run(() => AttemptAsync(run, stopping), CancellationToken.None));
            isArchiveFree &= run.Kind != RunKind.Archive;
        }

        return next;
    }

    /// <summary>Waits for a wake-up, the end of an attempt, or a time.</summary>
    private async Task WaitAsync(Task woken, DateTimeOffset until, CancellationToken stopping)
    {
        TimeSpan left = until - Now;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task pause = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, archive.Time, waiting.Token);
        await Task.WhenAny([woken, pause, .. _working.Values.Select(w => w.Attempt)]);
        await waiting.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        if (woken.IsCompleted)
            _leftAlone.Clear();
        foreach ((string runId, (_, Task<(TimeSpan? Pause, bool IsHeld)> attempt)) in _working
            .Where(w => w.Value.Attempt.IsCompleted).ToList())
        {
            _working.Remove(runId);
            _leftAlone.Remove(runId);
            if ((await attempt).Pause is not { } alone)
                _turns.Remove(runId);
            else if (alone > TimeSpan.Zero)
                _leftAlone[runId] = Now + alone;
        }
    }

    private async Task CarryOutAsync(RunMessage message, CancellationToken interruption, CancellationToken abandoned)
    {
        if (message is { RunId: null, Trigger: { } trigger }) // A night that an earlier version left waiting in the queue.
            await new WaitingNight(trigger, Now).SaveAsync(archive.Store, interruption);
        await nightly.BeginWaitingAsync(interruption);

        bool isKnown = false;
        await foreach (UnfinishedRun run in _unfinished.ReadAsync(id => id == message.RunId ? 0 : 1, interruption))
        {
            isKnown |= run.RunId == message.RunId;
            (TimeSpan? pause, bool isHeld) = (run.DueAt - Now, false);
            if (pause > TimeSpan.Zero && run.RunId != message.RunId)
                continue;
            if (pause <= TimeSpan.Zero)
                (pause, isHeld) = await AttemptAsync(run, interruption, abandoned);
            if (pause is null || (isHeld && await IsAliveAsync(run, interruption)))
                break;
            await waker.WakeAsync(run.Message, pause.Value, CancellationToken.None);
            return;
        }

        if (!isKnown && message is { Kind: RunKind.Export, RunId: { } exportId })
            await WriterLock.ForgetAsync(archive.Store, exportId); // Whoever ended it may have died before this.
        await WakeNextAsync(CancellationToken.None);
    }

    /// <summary>Makes the callbacks that are due, and wakes a worker for those that were not accepted.</summary>
    private async Task DeliverAsync(CancellationToken interruption)
    {
        foreach ((string exportId, TimeSpan pause) in await callbacks.DeliverAsync(interruption))
            await waker.WakeAsync(new RunMessage(exportId, RunKind.Export), pause, CancellationToken.None);
    }

    private Task<(TimeSpan? Pause, bool IsHeld)> AttemptAsync(
        UnfinishedRun run, CancellationToken interruption, CancellationToken abandoned = default) =>
        new RunAttempt(archive, waker, log).CarryOutAsync(run, interruption, abandoned);

    /// <summary>Whether somebody is carrying out the run just now. Then a wake-up for it is dropped, so that wake-ups do not
    /// multiply.</summary>
    private async Task<bool> IsAliveAsync(UnfinishedRun run, CancellationToken cancellationToken)
    {
        var records = new ProgressDocuments(archive.Store, run.Kind);
        DateTimeOffset? before = (await records.TryReadAsync(run.RunId, cancellationToken))?.UpdatedAt;
        await Task.Delay(Pulse, cancellationToken);
        return (await records.TryReadAsync(run.RunId, cancellationToken))?.UpdatedAt != before;
    }

    private async Task<bool> IsUnderWayAsync(UnfinishedRun run, CancellationToken cancellationToken) =>
        await new ProgressDocuments(archive.Store, run.Kind).TryReadAsync(run.RunId, cancellationToken)
            is { Status: RunStatus.Running, Interrupted: false, UpdatedAt: var updatedAt }
        && (Now - updatedAt).Duration() < Silence;

    /// <summary>Logs the first failure of an outage.</summary>
    private void Failed(Exception exception)
    {
        if (!_isFailing)
            DispatchLogs.NotLooked(log, exception);
        _isFailing = true;
    }

    private void Recovered()
    {
        if (_isFailing)
            DispatchLogs.LooksAgain(log);
        _isFailing = false;
    }
}
