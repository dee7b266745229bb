using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Journal;

/// <summary>Keeps a run's record up to date while it is executed, and looks in it whether somebody wants the run cancelled.</summary>
internal sealed class RunRecordKeeper(IStore store, JournalHead head, RunTracker tracker, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly RunRecords _records = new(store, head.Kind);
    private readonly CancellationTokenSource _canceled = new();

    /// <summary>Cancelled when somebody wants the run cancelled.</summary>
    public CancellationToken Canceled => _canceled.Token;

    /// <summary>Does the work, and tells of its progress every few seconds. That this cannot be written is no reason to stop the work.</summary>
    public async Task<T> DuringAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await TellAsync(cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task telling = GoOnTellingAsync(done.Token);
        try
        {
            return await work();
        }
        finally
        {
            await done.CancelAsync();
            await telling;
        }
    }

    /// <summary>Tells how far the run is.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        RunRecord record = await WriteAsync(known => known with { Status = RunStatus.Running, Error = null, Interrupted = false, FinishedAt = null }, cancellationToken);
        if (record.CancelRequested)
            await _canceled.CancelAsync();
    }

    public Task InterruptedAsync(RunStatus status, string reason, CancellationToken cancellationToken) => WriteAsync(
        known => known with { Status = status, Error = reason, Interrupted = true, FinishedAt = status == RunStatus.Failed ? time.GetUtcNow() : null }, cancellationToken);

    public Task EndedAsync(RunStatus status, string? error, Manifest? manifest, CancellationToken cancellationToken) => WriteAsync(
        known => known with
        {
            Status = status,
            Error = error,
            Interrupted = false,
            FinishedAt = manifest?.FinishedAt ?? time.GetUtcNow(),
            Manifest = manifest is null ? null : head.Manifest.Name,
        },
        cancellationToken);

    public void Dispose() => _canceled.Dispose();

    private async Task GoOnTellingAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await TellAsync(cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or StoreException)
        {
            // The work is done; or the store cannot be written, which the work will find out by itself.
        }
    }

    private RunRecordProgress Progress() => new(
        new RunRecordConversations(tracker.ConversationsDone, tracker.ConversationsNotComplete, tracker.Conversations), tracker.Messages, tracker.Requests, tracker.Throttled);

    private Task<RunRecord> WriteAsync(Func<RunRecord, RunRecord> change, CancellationToken cancellationToken) => _records.UpdateAsync(
        head.RunId,
        known =>
        {
            if (known is { HasEnded: true })
                return known; // By another writer, while this one was paused: what has ended never begins again.
            DateTimeOffset now = time.GetUtcNow();
            RunRecord record = known ?? RunRecord.Of(head);
            return change(record with
            {
                StartedAt = record.StartedAt ?? now,
                UpdatedAt = now,
                Progress = tracker.RunId == head.RunId ? Progress() : record.Progress,
            });
        },
        cancellationToken);
}
