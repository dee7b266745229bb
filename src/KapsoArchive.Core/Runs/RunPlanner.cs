using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal.Notes;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Runs.Discovery;
using KapsoArchive.Core.Runs.Reading;

namespace KapsoArchive.Core.Runs;

/// <summary>Decides which conversations a run reads, and of which it reads every page.</summary>
/// <param name="index">What the archive knows; empty for an export.</param>
/// <param name="notes">What the last readings left open.</param>
/// <param name="clock">Determines the present.</param>
/// <param name="names">The catalog of the archive, for the names of the other parties; also for an export.</param>
internal sealed class RunPlanner(
    KapsoClient client, ArchiveIndex index, IndexCatalog names, ListingNotes notes, ArchiveOptions options, int maxListMegabytes,
    RunClock clock, JournalHead head)
{
    private readonly JournalHead _begun = head;
    private FullSweepTurns _turns = new(options.FullSweepEvery, head.StartedAt);

    /// <summary>The run, with the time that it takes as the present after the source has answered.</summary>
    public JournalHead Head { get; private set; } = head;

    /// <exception cref="SourceUnavailableException">The source returned no list of conversations.</exception>
    public async Task<RunPlan> PlanAsync(CancellationToken cancellationToken)
    {
        if (Head.Conversations is { } ids)
        {
            return new RunPlan(ActiveSince: null, IsWholeList: false, [], 0)
            {
                Packed = RunPlan.Pack(
                    ids.Order(StringComparer.Ordinal).Select(id => Plan(new ConversationSummary(id, null, null, null, null)))),
            };
        }

        if (Head.Kind == RunKind.Export)
            return await PlanExportAsync(cancellationToken);

        DateTimeOffset? activeSince = ActiveSince();
        bool isWholeList = activeSince is null || IsWholeListDue();
        FoundConversations found = await FindAsync(isWholeList ? null : activeSince, cancellationToken);
        if (!isWholeList && IsDoubtful(found))
        {
            // The clock of the last run was ahead: conversations that came since may be anywhere in the list.
            (activeSince, isWholeList) = (null, true);
            found = await FindAsync(activeSince: null, cancellationToken);
        }

        IEnumerable<PlannedConversation> listed = found.Conversations.Select(Plan).Where(c => c.Full || IsToBeRead(c, activeSince));
        // A conversation that is no longer in the whole list is read, to learn that it is gone.
        IEnumerable<PlannedConversation> others = index.Catalog.Conversations
            .Where(c => !found.Conversations.Contains(c.Id))
            .Where(c => IsUnsettled(c)
                || (isWholeList && c.Outcome == ConversationOutcome.Complete)
                || _turns.IsDue(c.Id, c.LastFullSweep)
                || IsRipe(c.Id))
            .Select(PlanOfName);
        return PlanOf(found, isWholeList ? null : activeSince, isWholeList, InOrder(listed, others));
    }

    /// <summary>All conversations except those whose last activity is before the requested range by more than the lookback: they have no
    /// messages in it.</summary>
    private async Task<RunPlan> PlanExportAsync(CancellationToken cancellationToken)
    {
        FoundConversations found = await FindAsync(activeSince: null, cancellationToken);
        DateTimeOffset? activeSince = Head.Range.From - DateTimeOffset.MinValue > options.Lookback
            ? Head.Range.From - options.Lookback
            : null;
        IEnumerable<PlannedConversation> planned = found.Conversations.Where(c => !(c.LastActiveAt < activeSince)).Select(Plan);
        if (Head.Source == ExportSource.Both)
            planned = InOrder(planned, names.Conversations.Where(c => !found.Conversations.Contains(c.Id)).Select(PlanOfName));
        if (Head.Choice?.Contact is { } contact)
            planned = planned.Where(c => contact.Has(c.Id, c.PhoneNumber, c.BusinessScopedUserId));
        return PlanOf(found, activeSince: null, isWholeList: true, planned);
    }

    private PlannedConversation PlanOfName(IndexedConversation known) =>
        Plan(new ConversationSummary(known.Id, null, null, null, null));

    /// <summary>Builds the plan. A list whose end is not proven was not read whole, so the whole list stays due.</summary>
    private static RunPlan PlanOf(
        FoundConversations found, DateTimeOffset? activeSince, bool isWholeList, IEnumerable<PlannedConversation> conversations) =>
        new(activeSince, isWholeList && found.Proof.Complete, Lines(found.Rejected), found.Rejected.Count)
        {
            Packed = RunPlan.Pack(conversations),
            Discovery = found.Proof,
        };

    /// <summary>Merges both in the order of their ids, in which each is sorted; neither is held in memory.</summary>
    private static IEnumerable<PlannedConversation> InOrder(IEnumerable<PlannedConversation> one, IEnumerable<PlannedConversation> other)
    {
        using IEnumerator<PlannedConversation> rest = other.GetEnumerator();
        bool hasRest = rest.MoveNext();
        foreach (PlannedConversation conversation in one)
        {
            for (; hasRest && string.CompareOrdinal(rest.Current.Id, conversation.Id) < 0; hasRest = rest.MoveNext())
                yield return rest.Current;
            yield return conversation;
        }

        for (; hasRest; hasRest = rest.MoveNext())
            yield return rest.Current;
    }

    /// <summary>Whether the last reading was not complete.</summary>
    private static bool IsUnsettled(IndexedConversation conversation) =>
        conversation.Outcome is ConversationOutcome.Incomplete or ConversationOutcome.Failed;

    private static byte[] Lines(IReadOnlyList<RejectedRecord> rejected)
    {
        var lines = new ArrayBufferWriter<byte>();
        foreach (RejectedRecord record in rejected)
            record.WriteLine(lines);
        return lines.WrittenSpan.ToArray();
    }

    /// <summary>Time since which activity matters: the last run of all conversations, minus the lookback. Null if there was none, or if
    /// it lies in the future.</summary>
    private DateTimeOffset? ActiveSince() =>
        index.Catalog.DiscoveredAt is { } discovered && !IsAhead(discovered) ? Timestamp.FromMicros(discovered) - options.Lookback : null;

    private bool IsWholeListDue() => _turns.IsDue("the whole list", index.Catalog.ListedAt) || Head.Full;

    /// <summary>Whether the list since the last run may be incomplete: the last run lies in the future, or the list is empty and the
    /// source shows no time that could confirm it.</summary>
    private bool IsDoubtful(FoundConversations found) =>
        IsAhead(index.Catalog.DiscoveredAt) || IsWholeListDue() || (found.Conversations.Count == 0 && clock.SourceShowsNone);

    private bool IsAhead(long? time) => time > Timestamp.ToMicros(Head.StartedAt + PresentTime.Tolerance);

    private bool IsToBeRead(PlannedConversation conversation, DateTimeOffset? activeSince) =>
        activeSince is null
        || conversation.LastActiveAt is null
        || conversation.LastActiveAt >= activeSince
        || index.Find(conversation.Id) is null or { Outcome: ConversationOutcome.Gone };

    private PlannedConversation Plan(ConversationSummary summary)
    {
        IndexedConversation? known = index.Find(summary.Id);
        bool due = known?.LastFullSweep is not null && _turns.IsDue(summary.Id, known.LastFullSweep);
        bool full = Head.Full || due || IsAhead(known?.LastComplete) || IsRipe(summary.Id)
            || known is not { LastFullSweep: not null, Outcome: ConversationOutcome.Complete };
        IndexedNames named = NamesOf(summary);
        return new PlannedConversation(
            summary.Id, named.PhoneNumber, named.ContactName, summary.Status, summary.LastActiveAt, full, Due: due && !Head.Full)
        {
            BusinessScopedUserId = named.BusinessScopedUserId,
            Username = named.Username,
            Extra = ConversationExtra.Of(summary.Extra),
        };
    }

    /// <summary>Whether messages of it may be marked as removed if they are still missing. For this, every page must be read.</summary>
    private bool IsRipe(string conversationId) =>
        Head.AcceptedRemovals?.Contains(conversationId) == true
            || notes.Of(conversationId).RipeAt(options.RemovalGrace) <= Timestamp.ToMicros(Head.StartedAt);

    /// <summary>The names from the list; a name that the list lacks, from the archive.</summary>
    private IndexedNames NamesOf(ConversationSummary summary)
    {
        var listed = new IndexedNames(summary.PhoneNumber, summary.ContactName, summary.BusinessScopedUserId, summary.Username);
        return names.Find(summary.Id) is { } known ? known.Names.Then(listed) : listed;
    }

    private async Task<FoundConversations> FindAsync(DateTimeOffset? activeSince, CancellationToken cancellationToken)
    {
        try
        {
            FoundConversations found = await new ConversationDiscovery(client, maxListMegabytes).FindAsync(activeSince, cancellationToken);
            return await SettleAsync(found, cancellationToken);
        }
        catch (KapsoException e) when (e is not KeyRefusedException)
        {
            throw new SourceUnavailableException(
                $"The list of conversations could not be read: {e.Message} Run again when Kapso answers, or list the conversations by id.",
                e)
            { IsDown = e.IsDown };
        }
    }

    /// <summary>Determines the present from the list's answers.</summary>
    private async Task<FoundConversations> SettleAsync(FoundConversations found, CancellationToken cancellationToken)
    {
        DateTimeOffset latest = clock.LatestOf(_begun);
        DateTimeOffset? Newest() => found.Conversations.Max(c => c.LastActiveAt <= latest ? c.LastActiveAt : null);
        PresentTime present = await clock.PresentAsync(_begun, Newest, cancellationToken);
        Head = _begun.At(present);
        _turns = new FullSweepTurns(options.FullSweepEvery, Head.StartedAt);
        return found with { Proof = found.Proof with { AsOf = present.AsOf } };
    }
}
