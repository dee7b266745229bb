namespace KapsoArchive.Core.Journal;

/// <summary>Updates a run's record while the run is executed, and checks it for a cancellation request.</summary>
internal sealed class ProgressKeeper(IStore store, JournalHead head, RunTracker tracker, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ProgressDocuments _records = new(store, head.Kind);
    private readonly CancellationTokenSource _canceled = new();

    /// <summary>Cancelled when a user requests cancellation of the run.</summary>
    public CancellationToken Canceled => _canceled.Token;

    /// <summary>Executes the work and reports its progress every few seconds. The work continues if the report cannot be written.</summary>
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

    /// <summary>Writes the run's progress.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        ProgressDocument record = await WriteAsync(
            known => known with { Status = RunStatus.Running, Error = null, Interrupted = false, FinishedAt = null }, cancellationToken);
        if (record.CancelRequested)
            await _canceled.CancelAsync();
    }

    public Task InterruptedAsync(RunStatus status, string reason, CancellationToken cancellationToken) => WriteAsync(
        known => known with
        {
            Status = status,
            Error = reason,
            Interrupted = true,
            FinishedAt = status == RunStatus.Failed ? time.GetUtcNow() : null,
        },
        cancellationToken);

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
            // The work has ended; or the store cannot be written, which the work will find out by itself.
        }
    }

    private ProgressCounts Progress() => new(
        new ProgressConversations(tracker.ConversationsDone, tracker.ConversationsNotComplete, tracker.Conversations),
        tracker.Messages, tracker.Requests, tracker.Throttled);

    private Task<ProgressDocument> WriteAsync(
        Func<ProgressDocument, ProgressDocument> change, CancellationToken cancellationToken) => _records.UpdateAsync(
        head.RunId,
        known =>
        {
            if (known is { HasEnded: true })
                return known; // Another writer ended it while this one was paused: a run never begins again.
            DateTimeOffset now = time.GetUtcNow();
            ProgressDocument record = known ?? ProgressDocument.Of(head);
            return change(record with
            {
                StartedAt = record.StartedAt ?? now,
                UpdatedAt = now,
                Progress = tracker.RunId == head.RunId ? Progress() : record.Progress,
            });
        },
        cancellationToken);
}
