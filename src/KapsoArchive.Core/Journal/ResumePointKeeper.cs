namespace KapsoArchive.Core.Journal;

/// <summary>Keeps the <see cref="ResumePoint"/> of a run while entries are added to its journal.</summary>
internal sealed class ResumePointKeeper(ResumePoint point, JournalHead head)
{
    private readonly SortedDictionary<string, OpenConversation> _open = new(
        point.Open.ToDictionary(c => c.ConversationId), StringComparer.Ordinal);
    private readonly byte[] _finished = [.. point.Finished];

    /// <summary>The point after the last entry.</summary>
    public ResumePoint Point { get; private set; } = point;

    /// <summary>Something of a conversation was read.</summary>
    public void Begin(string conversationId) => _open.TryAdd(conversationId, new OpenConversation(conversationId, []));

    /// <summary>Rows were saved. Those of finished conversations need not be found again.</summary>
    public void Save(string conversationId, EntriesPlace place)
    {
        if (!_open.TryGetValue(conversationId, out OpenConversation? open))
            return;
        _open[conversationId] = open with
        {
            Rows = open.Rows is [.., var last] && last.Document == place.Document && last.Start + last.Length == place.Start
                ? [.. open.Rows.SkipLast(1), last with { Length = last.Length + place.Length }]
                : [.. open.Rows, place],
        };
    }

    /// <param name="conversationId">The finished conversation.</param>
    /// <param name="place">Its place in the plan.</param>
    public void Finish(string conversationId, int place)
    {
        _open.Remove(conversationId);
        _finished[place / 8] |= (byte)(1 << (place % 8));
    }

    /// <param name="entry">One more entry; all that was finished before it is finished here.</param>
    /// <param name="paused">The conversations in its <c>.paused</c> document.</param>
    public void Add(Checkpoint entry, IEnumerable<PausedConversation> paused)
    {
        foreach (string id in paused.Select(p => p.ConversationId))
        {
            Begin(id);
            _open[id] = _open[id] with { Paused = RunJournal.PausedName(entry) };
        }

        foreach ((string id, long count) in entry.LeftOut ?? new Dictionary<string, long>())
        {
            if (_open.TryGetValue(id, out OpenConversation? open))
                _open[id] = open with { LeftOut = count };
        }

        Point = new ResumePoint(Point.Sums.Plus(entry, head), [.. _finished], [.. _open.Values]);
    }
}
