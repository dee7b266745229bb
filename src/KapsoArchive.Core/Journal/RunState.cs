using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Journal;

/// <summary>A run as its journal tells it: how far it is, and what it must not do twice.</summary>
internal sealed record RunState
{
    public required JournalHead Head { get; init; }

    /// <summary>Null where the run has not found out yet what it has to read.</summary>
    public RunPlan? Plan { get; init; }

    /// <summary>Null where there is still something to read.</summary>
    public JournalCommit? Commit { get; init; }

    public required IReadOnlyList<Checkpoint> Checkpoints { get; init; }

    /// <summary>The rows that are written of conversations that are not finished, by conversation: each key with what was
    /// written.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<UInt128, Change>> Written { get; init; }

    /// <summary>By conversation, as they were last left.</summary>
    public required IReadOnlyDictionary<string, PausedConversation> Paused { get; init; }

    public RunStamp Run => Head.Run;

    public IEnumerable<RunFile> Files => Checkpoints.SelectMany(c => c.Files);

    /// <summary>The conversations that are finished, made anew each time.</summary>
    public IEnumerable<JournalVisit> Done => Checkpoints.SelectMany(c => c.Done.Read(reader => JournalVisit.Read(reader, Run)));

    /// <summary>The same in the order of their ids as UTF-8.</summary>
    public IEnumerable<JournalVisit> DoneAsUtf8 => AllDone.SortedAsUtf8(reader => JournalVisit.Read(reader, Run));

    /// <summary>The same in the order of their ids, ordinal.</summary>
    public IEnumerable<JournalVisit> DoneById => AllDone.Sorted(reader => JournalVisit.Read(reader, Run));

    public int DoneCount => Checkpoints.Sum(c => c.Done.Count);

    public int NextCheckpoint => Checkpoints.Count;

    /// <summary>Grows whenever the run gets further: with each conversation that is finished, each row, and each record that a half-read
    /// conversation has covered.</summary>
    public long Progress => DoneCount + Checkpoints.Sum(c => c.Messages) + Paused.Values.Sum(p => (long)p.Listing.Length) + (Commit is null ? 0 : 1);

    /// <summary>What was spent on the run, as far as it is written down.</summary>
    public RunCosts Costs => Checkpoints.Aggregate(default(RunCosts), (sum, c) => new RunCosts(sum.Requests + c.Requests, sum.Retries + c.Retries, sum.Throttled + c.Throttled));

    /// <summary>By conversation: <see cref="Checkpoint.LeftOut"/> as it was last written down.</summary>
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

    /// <summary>Whether something of it was read that is worth going on from.</summary>
    public bool HasProgress => Checkpoints.Count > 0 || Commit is not null;
}
