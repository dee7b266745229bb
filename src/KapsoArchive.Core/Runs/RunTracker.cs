using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Runs;

/// <summary>How far a run has come. Written by the run, read by whoever shows it, from any thread at any time.</summary>
public sealed class RunTracker
{
    private SourceCounters? _counters;
    private RateBudget? _budget;
    private long _requestsBefore;
    private long _retriesBefore;
    private long _throttledBefore;
    private long _conversations = -1;
    private long _conversationsDone;
    private long _conversationsNotComplete;
    private long _messages;

    /// <summary>Set once, when the run has its id.</summary>
    public string? RunId { get; internal set; }

    public RunPhase Phase { get; internal set; }

    /// <summary>After a run that failed: what it left staged, in words; null where nothing is left.</summary>
    public string? Leftovers { get; internal set; }

    /// <summary>Null until the list is known.</summary>
    public long? Conversations => Interlocked.Read(ref _conversations) is >= 0 and var count ? count : null;

    public long ConversationsDone => Interlocked.Read(ref _conversationsDone);

    /// <summary>Of those done, how many are incomplete or failed.</summary>
    public long ConversationsNotComplete => Interlocked.Read(ref _conversationsNotComplete);

    public long Messages => Interlocked.Read(ref _messages);

    public long Requests => (_counters?.Requests ?? 0) - _requestsBefore;

    public long Retries => (_counters?.Retries ?? 0) - _retriesBefore;

    public long Throttled => (_counters?.Throttled ?? 0) - _throttledBefore;

    /// <summary>Until when the rate limit holds requests back, at the latest; null where none waits.</summary>
    public DateTimeOffset? WaitingUntil => _budget?.State.WaitingUntil;

    internal void Begin(SourceCounters counters, RateBudget budget)
    {
        _budget = budget;
        (_requestsBefore, _retriesBefore, _throttledBefore) = (counters.Requests, counters.Retries, counters.Throttled);
        _counters = counters;
    }

    internal void SetConversations(int count) => Interlocked.Exchange(ref _conversations, count);

    internal void AddMessages(int count) => Interlocked.Add(ref _messages, count);

    internal void ConversationDone(bool complete)
    {
        Interlocked.Increment(ref _conversationsDone);
        if (!complete)
            Interlocked.Increment(ref _conversationsNotComplete);
    }
}

public enum RunPhase
{
    Starting,
    Discovering,
    Reading,
    Publishing,
}
