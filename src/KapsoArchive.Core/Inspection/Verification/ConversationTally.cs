using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Totals of one run's conversations dataset.</summary>
internal sealed class ConversationTally
{
    private readonly long[] _outcomes = new long[Enum.GetValues<ConversationOutcome>().Length];
    private readonly Dictionary<string, ConversationOutcome> _notComplete = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private long _added;
    private long _changed;
    private long _removed;

    public ConversationTotals Conversations => new(
        _outcomes[(int)ConversationOutcome.Complete], _outcomes[(int)ConversationOutcome.Incomplete],
        _outcomes[(int)ConversationOutcome.Gone], _outcomes[(int)ConversationOutcome.Failed]);

    public (long Added, long Changed, long Removed) Rows => (_added, _changed, _removed);

    /// <summary>Reads one file.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public async Task ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<ConversationRow> rows in ConversationsReader.ReadAsync(content, cancellationToken))
        {
            foreach (ConversationRow row in rows)
                Add(row);
        }
    }

    /// <summary>Whether a manifest's list contains every incomplete or failed conversation, and otherwise only conversations that are
    /// gone.</summary>
    public bool Agrees(IReadOnlyList<ManifestIncomplete> incomplete) =>
        incomplete.All(i => _notComplete.TryGetValue(i.ConversationId, out ConversationOutcome outcome)
            ? i.Outcome == Datasets.Name(outcome)
            : i.Outcome == Datasets.Name(ConversationOutcome.Gone) && _gone.Contains(i.ConversationId))
        && _notComplete.Keys.All(incomplete.Select(i => i.ConversationId).ToHashSet(StringComparer.Ordinal).Contains);

    private void Add(ConversationRow row)
    {
        _outcomes[(int)row.Outcome]++;
        _added += row.Added;
        _changed += row.Changed;
        _removed += row.Removed;
        if (row.Outcome is ConversationOutcome.Incomplete or ConversationOutcome.Failed)
            _notComplete[row.ConversationId] = row.Outcome;
        else if (row.Outcome == ConversationOutcome.Gone)
            _gone.Add(row.ConversationId);
    }
}
