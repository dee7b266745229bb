using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Journal;

/// <summary>How far a run has come. Written by the run, read by whoever shows it, from any thread at any time.</summary>
public sealed class RunTracker
{
    private SourceCounters? _counters;
    private RateBudget? _budget;
    private RunCosts _costsBefore;
    private long _conversations = -1;
    private long _conversationsDone;
    private long _conversationsNotComplete;
    private long _messages;

    /// <summary>The run that is under way; null before the first.</summary>
    public string? RunId { get; private set; }

    /// <summary>Runs that an earlier execution had left unfinished and this one finished first, oldest first.</summary>
    public IReadOnlyList<Manifest> Resumed { get; internal set; } = [];

    /// <summary>Whether the index had to be rebuilt from the parts, and why, in words; null where not.</summary>
    public string? IndexRebuilt { get; internal set; }

    /// <summary>Runs that an earlier execution had left and that could not be finished, in words, oldest first.</summary>
    public IReadOnlyList<string> GivenUp { get; internal set; } = [];

    /// <summary>After a run that is committed: what could not be written behind its manifest, in words; null if all was.</summary>
    public string? LeftUndone { get; internal set; }

    public RunPhase Phase { get; internal set; }

    /// <summary>After an execution that ended before its run: what became of what was read, in words; null where there is nothing to say.</summary>
    public string? Leftovers { get; internal set; }

    /// <summary>What this execution committed last; null for nothing.</summary>
    internal Manifest? Committed { get; set; }

    /// <summary>Null until the list is known.</summary>
    public long? Conversations => Interlocked.Read(ref _conversations) is >= 0 and var count ? count : null;

    public long ConversationsDone => Interlocked.Read(ref _conversationsDone);

    /// <summary>Of those done, how many are incomplete or failed.</summary>
    public long ConversationsNotComplete => Interlocked.Read(ref _conversationsNotComplete);

    public long Messages => Interlocked.Read(ref _messages);

    public long Requests => Costs.Requests;

    public long Retries => Costs.Retries;

    public long Throttled => Costs.Throttled;

    /// <summary>Of the whole run, also of what other executions did for it.</summary>
    internal RunCosts Costs => _counters is not { } counters
        ? _costsBefore
        : new(_costsBefore.Requests + counters.Requests, _costsBefore.Retries + counters.Retries, _costsBefore.Throttled + counters.Throttled);

    /// <summary>Until when the rate limit holds requests back, at the latest; null where none waits.</summary>
    public DateTimeOffset? WaitingUntil => _budget?.State.WaitingUntil;

    /// <summary>A run begins, or is taken up again.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="messages">What was written for it already.</param>
    /// <param name="costs">What was spent on it already.</param>
    internal void Begin(string runId, SourceCounters counters, RateBudget budget, long messages, RunCosts costs)
    {
        // From slice to slice the counters go on; only what another process spent has to be taken over.
        if (RunId != runId)
            _costsBefore = new(costs.Requests - counters.Requests, costs.Retries - counters.Retries, costs.Throttled - counters.Throttled);
        RunId = runId;
        Phase = RunPhase.Starting;
        _budget = budget;
        _counters = counters;
        Interlocked.Exchange(ref _conversations, -1);
        Interlocked.Exchange(ref _conversationsDone, 0);
        Interlocked.Exchange(ref _conversationsNotComplete, 0);
        Interlocked.Exchange(ref _messages, messages);
    }

    internal void SetConversations(int count, int done, int notComplete)
    {
        Interlocked.Exchange(ref _conversationsDone, done);
        Interlocked.Exchange(ref _conversationsNotComplete, notComplete);
        Interlocked.Exchange(ref _conversations, count);
    }

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
    RebuildingIndex,
    Publishing,
}
