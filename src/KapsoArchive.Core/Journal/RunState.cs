using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Journal;

/// <summary>The state of a run according to its journal: its progress, and what it must not do twice.</summary>
internal sealed record RunState
{
    public required JournalHead Head { get; init; }

    /// <summary>Null until the run has determined what to read.</summary>
    public RunPlan? Plan { get; init; }

    /// <summary>Null while there is still something to read.</summary>
    public JournalCommit? Commit { get; init; }

    public required IReadOnlyList<Checkpoint> Checkpoints { get; init; }

    /// <summary>By unfinished conversation: the keys of its written rows, each with its change.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<UInt128, Change>> Written { get; init; }

    /// <summary>The paused conversations by id, in their last state.</summary>
    public required IReadOnlyDictionary<string, PausedConversation> Paused { get; init; }

    public RunStamp Run => Head.Run;

    public IEnumerable<RunFile> Files => Checkpoints.SelectMany(c => c.Files);

    /// <summary>The finished conversations, decoded at each access.</summary>
    public IEnumerable<JournalVisit> Done => Checkpoints.SelectMany(c => c.Done.Read(reader => JournalVisit.Read(reader, Run)));

    /// <summary>The finished conversations in the order of their ids as UTF-8.</summary>
    public IEnumerable<JournalVisit> DoneAsUtf8 => AllDone.SortedAsUtf8(reader => JournalVisit.Read(reader, Run));

    /// <summary>The finished conversations in the ordinal order of their ids.</summary>
    public IEnumerable<JournalVisit> DoneById => AllDone.Sorted(reader => JournalVisit.Read(reader, Run));

    public int DoneCount => Checkpoints.Sum(c => c.Done.Count);

    public int NextCheckpoint => Checkpoints.Count;

    /// <summary>Increases with each finished conversation, each row, and each record that a paused conversation has covered.</summary>
    public long Progress =>
        DoneCount + Checkpoints.Sum(c => c.Messages) + Paused.Values.Sum(p => (long)p.Listing.Length) + (Commit is null ? 0 : 1);

    /// <summary>Requests of the run so far, as the journal records them.</summary>
    public RunCosts Costs =>
        Checkpoints.Aggregate(
            default(RunCosts), (sum, c) => new RunCosts(sum.Requests + c.Requests, sum.Retries + c.Retries, sum.Throttled + c.Throttled));

    /// <summary>By conversation: the last recorded <see cref="Checkpoint.LeftOut"/>.</summary>
    public IReadOnlyDictionary<string, long> LeftOut
    {
        get
        {
            Dictionary<string, long> counts = new(StringComparer.Ordinal);
            foreach ((string conversation, long count) in Checkpoints.SelectMany(c => c.LeftOut ?? new Dictionary<string, long>()))
                counts[conversation] = count;
            return counts;
        }
    }

    public ValueTotals Values => new(Checkpoints.Sum(c => c.Unfit), Checkpoints.Sum(c => c.Repaired), LeftOut.Values.Sum());

    private PackedRecords AllDone => PackedRecords.Join([.. Checkpoints.Select(c => c.Done)]);

    /// <summary>Whether the run has read anything worth continuing.</summary>
    public bool HasProgress => Checkpoints.Count > 0 || Commit is not null;
}
