using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Journal;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Records;

/// <summary>Keeps a run's record up to date while it is executed.</summary>
internal sealed class RunRecordKeeper(IStore store, JournalHead head, RunTracker tracker, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly RunRecords _records = new(store, head.Kind);

    /// <summary>Does the work, and tells of its progress every few seconds. That this cannot be written is no reason to stop the work.</summary>
    public async Task<T> DuringAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await WriteAsync(RunStatus.Running, error: null, interrupted: false, manifest: null, cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task telling = TellAsync(done.Token);
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

    public Task InterruptedAsync(string reason, CancellationToken cancellationToken) => WriteAsync(RunStatus.Running, reason, interrupted: true, manifest: null, cancellationToken);

    public Task EndedAsync(RunStatus status, string? error, Manifest? manifest, CancellationToken cancellationToken) =>
        WriteAsync(status, error, interrupted: false, manifest, cancellationToken);

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await WriteAsync(RunStatus.Running, error: null, interrupted: false, manifest: null, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or StoreException)
        {
            // The work is done; or the store cannot be written, which the work will find out by itself.
        }
    }

    private Task WriteAsync(RunStatus status, string? error, bool interrupted, Manifest? manifest, CancellationToken cancellationToken) => _records.WriteAsync(
        new RunRecord
        {
            RunId = head.RunId,
            Kind = head.Kind == RunKind.Export ? "export" : "archive",
            Trigger = head.Trigger,
            Status = status,
            CreatedAt = head.StartedAt,
            StartedAt = head.StartedAt,
            UpdatedAt = time.GetUtcNow(),
            FinishedAt = manifest?.FinishedAt ?? (status is RunStatus.Failed or RunStatus.Canceled ? time.GetUtcNow() : null),
            Request = new RunRecordRequest(
                head.Conversations is null ? "all" : "listed", head.Conversations?.Count, head.Full, [.. head.Formats.Select(f => Layout.Names(f).Format)]),
            Progress = new RunRecordProgress(
                new RunRecordConversations(tracker.ConversationsDone, tracker.ConversationsNotComplete, tracker.Conversations), tracker.Messages, tracker.Requests, tracker.Throttled),
            Error = error,
            Interrupted = interrupted,
            Manifest = manifest is null ? null : head.Manifest.Name,
        },
        cancellationToken);
}
