namespace KapsoArchive.Core.Journal;

/// <summary>Keeps the <see cref="ResumePoint"/> of a run while it is written.</summary>
internal sealed class ResumePointKeeper(ResumePoint point, JournalHead head)
{
    private readonly Dictionary<string, OpenConversation> _open = point.Open.ToDictionary(c => c.ConversationId, StringComparer.Ordinal);
    private readonly byte[] _finished = [.. point.Finished];
    private JournalSums _sums = point.Sums;

    /// <summary>Something of a conversation was read.</summary>
    public void Begin(string conversationId) => _open.TryAdd(conversationId, new OpenConversation(conversationId, []));

    /// <param name="conversationId">The finished conversation.</param>
    /// <param name="place">Its place in the plan.</param>
    public void Finish(string conversationId, int place)
    {
        _open.Remove(conversationId);
        _finished[place / 8] |= (byte)(1 << (place % 8));
    }

    /// <summary>Rows were saved. Those of finished conversations need not be found again.</summary>
    public void Save(IEnumerable<(string ConversationId, EntriesPlace Place)> places)
    {
        foreach ((string id, EntriesPlace place) in places)
        {
            if (_open.TryGetValue(id, out OpenConversation? open))
                _open[id] = open with { Rows = [.. open.Rows, place] };
        }
    }

    /// <summary>The point after one more entry.</summary>
    /// <param name="entry">The entry, with all that was finished before it.</param>
    /// <param name="paused">The conversations in its <c>.paused</c> document.</param>
    public ResumePoint After(Checkpoint entry, IEnumerable<PausedConversation> paused)
    {
        _sums = _sums.Plus(entry, head);
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

        return new ResumePoint(_sums, [.. _finished], [.. _open.Values]);
    }
}
