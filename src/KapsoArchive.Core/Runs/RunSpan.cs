using KapsoArchive.Core.Telemetry;

namespace KapsoArchive.Core.Runs;

/// <summary>Traces one slice of a run, and measures the run in its last slice.</summary>
internal sealed class RunSpan(TimeProvider time) : IDisposable
{
    private readonly Activity? _span = ArchiveTelemetry.Source.StartActivity(SpanNames.Run);
    private JournalHead? _head;

    /// <summary>Trace context to which the next slice is linked; null without tracing.</summary>
    public string? Context => _span?.Id;

    /// <summary>The slice resumes the run.</summary>
    /// <param name="state">State that the slice before has left.</param>
    public void TakesUp(RunState state)
    {
        _head = state.Head;
        if (_span is null)
            return;
        _span.SetTag(AttributeNames.RunId, _head.RunId);
        _span.SetTag(AttributeNames.RunKind, Kind(_head));
        _span.SetTag(AttributeNames.RunTrigger, _head.Trigger);
        _span.SetTag(AttributeNames.RunResumed, _head.TraceParent is not null || state.HasProgress);
        if (ActivityContext.TryParse(_head.TraceParent, traceState: null, isRemote: true, out ActivityContext before))
            _span.AddLink(new ActivityLink(before));
    }

    /// <summary>The slice ended normally.</summary>
    /// <param name="manifest">Null if the run is not finished.</param>
    public void Ended(Manifest? manifest, RunTracker tracker)
    {
        if (manifest is null)
        {
            Tell("Running", tracker);
            return;
        }

        ManifestTotals totals = manifest.Totals;
        long incomplete = totals.Conversations.Incomplete + totals.Conversations.Failed;
        foreach ((string change, long messages)
            in ((string, long)[])[("added", totals.Rows.Added), ("changed", totals.Rows.Changed), ("removed", totals.Rows.Removed)])
            Instruments.Messages.Add(messages, new KeyValuePair<string, object?>(AttributeNames.MessageChange, change));
        Instruments.IncompleteConversations.Add(incomplete, new KeyValuePair<string, object?>(AttributeNames.RunKind, manifest.Kind));
        if (totals.Media is { } media)
            Measure(media, isArchive: !manifest.IsExport);
        Measure(manifest.Status, error: null, manifest.FinishedAt);
        if (_span is null)
            return;
        _span.SetTag(AttributeNames.RunFiles, totals.Media?.Stored);
        _span.SetTag(AttributeNames.RunWaitingFiles, totals.Media?.Due);
        _span.SetTag(AttributeNames.RunStatus, manifest.Status);
        _span.SetTag(AttributeNames.RunConversations, totals.Conversations.Complete + totals.Conversations.Gone + incomplete);
        _span.SetTag(AttributeNames.RunIncomplete, incomplete);
        _span.SetTag(AttributeNames.RunMessages, totals.Rows.Added + totals.Rows.Changed + totals.Rows.Removed);
        _span.SetTag(AttributeNames.RunRequests, totals.Requests);
        _span.SetTag(AttributeNames.RunRetries, totals.Retries);
        _span.SetTag(AttributeNames.RunThrottles, totals.Throttled);
        _span.SetTag(AttributeNames.RunBytes, totals.Bytes);
    }

    /// <summary>The slice failed. The text of the exception is not recorded here.</summary>
    public void Failed(Exception exception, RunTracker tracker)
    {
        if (exception is OperationCanceledException)
        {
            Tell("Interrupted", tracker);
            return;
        }

        bool isCanceled = exception is RunEndedException { Status: RunStatus.Canceled };
        string status = isCanceled ? "Canceled" : "Failed";
        string? error = isCanceled ? null : exception.GetType().FullName;
        Measure(status, error, time.GetUtcNow());
        Tell(status, tracker);
        if (error is null)
            return;
        _span?.SetTag(AttributeNames.ErrorType, error);
        _span?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => _span?.Dispose();

    private static string Kind(JournalHead head) => head.Kind == RunKind.Export ? "export" : "archive";

    /// <summary>Records the progress of an unfinished run.</summary>
    private void Tell(string status, RunTracker tracker)
    {
        if (_span is null)
            return;
        _span.SetTag(AttributeNames.RunStatus, status);
        if (_head is null || tracker.RunId != _head.RunId)
            return;
        _span.SetTag(AttributeNames.RunConversations, tracker.ConversationsDone);
        _span.SetTag(AttributeNames.RunIncomplete, tracker.ConversationsNotComplete);
        _span.SetTag(AttributeNames.RunMessages, tracker.Messages);
        _span.SetTag(AttributeNames.RunRequests, tracker.Requests);
        _span.SetTag(AttributeNames.RunRetries, tracker.Retries);
        _span.SetTag(AttributeNames.RunThrottles, tracker.Throttled);
    }

    private static void Measure(MediaTotals media, bool isArchive)
    {
        (MediaOutcome Outcome, long Files)[] outcomes =
        [
            (MediaOutcome.Stored, media.Stored), (MediaOutcome.Waiting, media.Waiting), (MediaOutcome.Gone, media.Gone),
            (MediaOutcome.TooLarge, media.TooLarge), (MediaOutcome.Refused, media.Refused), (MediaOutcome.Failed, media.Failed),
        ];
        foreach ((MediaOutcome outcome, long files) in outcomes.Where(o => o.Files > 0))
            Instruments.Files.Add(files, new KeyValuePair<string, object?>(AttributeNames.FileOutcome, Datasets.Name(outcome)));
        if (isArchive)
            Instruments.WaitingFiles.Record(media.Due);
    }

    private void Measure(string status, string? error, DateTimeOffset finishedAt)
    {
        if (_head is null || !Instruments.RunDuration.Enabled)
            return;
        TagList tags =
        [
            new(AttributeNames.RunKind, Kind(_head)),
            new(AttributeNames.RunTrigger, _head.Trigger),
            new(AttributeNames.RunStatus, status),
        ];
        if (error is not null)
            tags.Add(AttributeNames.ErrorType, error);
        Instruments.RunDuration.Record((finishedAt - _head.StartedAt).TotalSeconds, tags);
    }
}
