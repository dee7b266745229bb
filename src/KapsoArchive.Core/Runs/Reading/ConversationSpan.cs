using KapsoArchive.Core.Telemetry;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Traces the reading of one conversation, and counts its outcome.</summary>
internal sealed class ConversationSpan : IDisposable
{
    private readonly Activity? _span = ArchiveTelemetry.Source.StartActivity(SpanNames.Conversation);
    private long _requests;

    public ConversationSpan(string conversationId) => _span?.SetTag(AttributeNames.ConversationId, conversationId);

    /// <summary>Counts a page request. Several may be made at once.</summary>
    public void CountRequest() => Interlocked.Increment(ref _requests);

    /// <summary>The reading has ended. The manifest has the reason if it is not complete.</summary>
    public void Ended(ConversationRow row)
    {
        string outcome = Datasets.Name(row.Outcome);
        Instruments.Conversations.Add(1, new KeyValuePair<string, object?>(AttributeNames.ConversationOutcome, outcome));
        if (_span is null)
            return;
        _span.SetTag(AttributeNames.ConversationOutcome, outcome);
        _span.SetTag(AttributeNames.ConversationMessages, row.Added + row.Changed + row.Removed);
        _span.SetTag(AttributeNames.ConversationRequests, Interlocked.Read(ref _requests));
        _span.SetTag(AttributeNames.ConversationSweeps, row.Sweeps);
        if (row.Outcome is not (ConversationOutcome.Incomplete or ConversationOutcome.Failed))
            return;
        _span.SetTag(AttributeNames.ErrorType, outcome);
        _span.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => _span?.Dispose();
}
