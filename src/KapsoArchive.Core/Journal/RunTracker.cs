using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Journal;

/// <summary>Progress of a run. The run writes it; any thread may read it at any time.</summary>
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
    private long _files;
    private long _filesDue;

    /// <summary>The current run; null before the first.</summary>
    public string? RunId { get; private set; }

    /// <summary>Runs that an earlier execution had left unfinished and that this one finished first, oldest first.</summary>
    public IReadOnlyList<Manifest> Resumed { get; internal set; } = [];

    /// <summary>Why the index had to be rebuilt from the parts, in words; null if it was not rebuilt.</summary>
    public string? IndexRebuilt { get; internal set; }

    /// <summary>Runs of an earlier execution that could not be finished, in words, oldest first.</summary>
    public IReadOnlyList<string> GivenUp { get; internal set; } = [];

    /// <summary>After a committed run: what could not be written after its manifest, in words; null if everything was.</summary>
    public string? LeftUndone { get; internal set; }

    /// <summary>After a committed run: why a Delta table did not get it, in words; null if every table did.</summary>
    public string? TableRemark { get; internal set; }

    public RunPhase Phase { get; internal set; }

    /// <summary>After an execution that ended before its run: what happened to the data read, in words; null if there is nothing to
    /// report.</summary>
    public string? Leftovers { get; internal set; }

    /// <summary>The last commit of this execution; null for none.</summary>
    internal Manifest? Committed { get; set; }

    /// <summary>Null until the list is known.</summary>
    public long? Conversations => Interlocked.Read(ref _conversations) is >= 0 and var count ? count : null;

    public long ConversationsDone => Interlocked.Read(ref _conversationsDone);

    /// <summary>Number of finished conversations that are incomplete or failed.</summary>
    public long ConversationsNotComplete => Interlocked.Read(ref _conversationsNotComplete);

    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>Requests of the whole run, including earlier executions.</summary>
    public long Requests => _requestsBefore + (_counters?.Requests ?? 0);

    /// <inheritdoc cref="SourceCounters.Retries"/>
    public long Retries => _retriesBefore + (_counters?.Retries ?? 0);

    /// <inheritdoc cref="SourceCounters.Throttled"/>
    public long Throttled => _throttledBefore + (_counters?.Throttled ?? 0);

    /// <summary>The files that this run has tried to fetch.</summary>
    public long Files => Interlocked.Read(ref _files);

    /// <summary>These, and those that it is about to try.</summary>
    public long FilesDue => Interlocked.Read(ref _filesDue);

    /// <summary>Latest time until which the rate limit delays requests; null if no request waits.</summary>
    public DateTimeOffset? WaitingUntil => _budget?.State.WaitingUntil;

    /// <summary>Begins or resumes a run.</summary>
    /// <param name="budget">Null if the run asks the source for nothing.</param>
    /// <param name="sums">What its journal holds already.</param>
    internal void Begin(string runId, SourceCounters counters, RateBudget? budget, JournalSums sums)
    {
        // The counters continue from slice to slice; only the requests of another process must be added.
        if (RunId != runId)
        {
            _requestsBefore = sums.Requests - counters.Requests;
            _retriesBefore = sums.Retries - counters.Retries;
            _throttledBefore = sums.Throttled - counters.Throttled;
        }

        RunId = runId;
        Phase = RunPhase.Starting;
        _budget = budget;
        _counters = counters;
        Interlocked.Exchange(ref _conversations, -1);
        Interlocked.Exchange(ref _conversationsDone, 0);
        Interlocked.Exchange(ref _conversationsNotComplete, 0);
        Interlocked.Exchange(ref _messages, sums.Messages);
        Interlocked.Exchange(ref _filesDue, sums.Tried);
        Interlocked.Exchange(ref _files, sums.Tried);
    }

    internal void SetConversations(int count, int done, int notComplete)
    {
        Interlocked.Exchange(ref _conversationsDone, done);
        Interlocked.Exchange(ref _conversationsNotComplete, notComplete);
        Interlocked.Exchange(ref _conversations, count);
    }

    internal void AddFilesDue(int count) => Interlocked.Add(ref _filesDue, count);

    internal void FileDone() => Interlocked.Increment(ref _files);

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
    FetchingFiles,
    RebuildingIndex,
    Publishing,
}
