namespace KapsoArchive.Core.Journal;

/// <summary>The state of a run according to its journal: its progress, and what it must not do twice.</summary>
internal sealed record RunState
{
    /// <summary>More than the bytes of all paused listings, and little enough for 900 million conversations.</summary>
    private const long FinishedConversation = 10_000_000_000;

    public required JournalHead Head { get; init; }

    /// <summary>Null until the run has determined what to read.</summary>
    public RunPlan? Plan { get; init; }

    /// <summary>Null while there is still something to read.</summary>
    public JournalCommit? Commit { get; init; }

    /// <summary>The entries of the journal; unless <see cref="IsWhole"/>, the last one without its finished conversations, and those
    /// added since.</summary>
    public required IReadOnlyList<Checkpoint> Checkpoints { get; init; }

    /// <summary>Whether all entries were read. Reading on does not need them; the publication does.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>By unfinished conversation: the keys of its written rows, each with its change.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<UInt128, Change>> Written { get; init; }

    /// <summary>The paused conversations by id, in their last state.</summary>
    public required IReadOnlyDictionary<string, PausedConversation> Paused { get; init; }

    public RunStamp Run => Head.Run;

    public IEnumerable<RunFile> Files => Checkpoints.SelectMany(c => c.Files);

    /// <summary>The last entry; null for none.</summary>
    public Checkpoint? Last => Checkpoints.Count > 0 ? Checkpoints[^1] : null;

    public required ResumePoint Point { get; init; }

    public JournalSums Sums => Point.Sums;

    /// <summary>The conversations that are not finished, in the order of the plan.</summary>
    public IEnumerable<PlannedConversation> Left => Plan!.Conversations.Where(c => !Point.IsFinished(c.Place));

    /// <summary>The finished conversations, decoded at each access.</summary>
    public IEnumerable<JournalVisit> Done => Checkpoints.SelectMany(c => c.Visits(Run));

    /// <summary>The finished conversations in the order of their ids as UTF-8.</summary>
    public IEnumerable<JournalVisit> DoneAsUtf8 => AllDone.SortedAsUtf8(reader => JournalVisit.Read(reader, Run));

    /// <summary>The finished conversations in the ordinal order of their ids.</summary>
    public IEnumerable<JournalVisit> DoneById => AllDone.Sorted(reader => JournalVisit.Read(reader, Run));

    public int NextCheckpoint => Last is { } last ? last.Number + 1 : 0;

    /// <summary>Increases with each finished conversation, each row, each file that was tried and each second that it took, and each
    /// record that a paused conversation has covered. A finished conversation counts more than all records that it covered while it was
    /// paused.</summary>
    public long Progress =>
        (Sums.Done * FinishedConversation) + Sums.Messages + Sums.Tried + (long)Sums.TriedSeconds
        + Paused.Values.Sum(p => (long)p.Listing.Length) + (Commit is null ? 0 : 1);

    /// <summary>By unfinished conversation: the last recorded <see cref="Checkpoint.LeftOut"/>.</summary>
    public IReadOnlyDictionary<string, long> LeftOut => Point.Open
        .Where(o => o.LeftOut is not null).ToDictionary(o => o.ConversationId, o => o.LeftOut!.Value, StringComparer.Ordinal);

    public ValueTotals Values => new(
        Checkpoints.Sum(c => c.Unfit), Checkpoints.Sum(c => c.Repaired),
        Checkpoints.SelectMany(c => c.LeftOut ?? new Dictionary<string, long>()).GroupBy(c => c.Key).Sum(c => c.Last().Value));

    private PackedItems AllDone => PackedItems.Join([.. Checkpoints.Select(c => c.Done)]);

    /// <summary>Whether the run has read anything worth continuing.</summary>
    public bool HasProgress => Last is not null || Commit is not null;
}
