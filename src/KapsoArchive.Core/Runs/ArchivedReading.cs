using System.Threading.Channels;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Runs.Fetching;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Runs.Writing;

namespace KapsoArchive.Core.Runs;

/// <summary>The first stage of an export out of the archive alone, without a request to the source. Needs about 100 bytes of memory for
/// each message of a thousand conversations.</summary>
internal sealed class ArchivedReading(ProjectArchive archive, RunJournal journal, RunTracker tracker)
{
    private const int Waiting = 8;

    /// <returns>The state after the slice, which the journal holds too.</returns>
    /// <exception cref="SettingException">There is no archive, or its index must be remade.</exception>
    /// <exception cref="StoreException">The archive is damaged.</exception>
    public async Task<RunState> ReadAsync(RunState state, SliceClock clock, CancellationToken cancellationToken)
    {
        tracker.Phase = RunPhase.Discovering;
        ArchivedSource source = await ArchivedSource.OpenAsync(archive.Store, tracker, cancellationToken);
        if (state.Plan is null)
            state = await PlanAsync(state, source, cancellationToken);
        tracker.Phase = RunPhase.Reading;
        tracker.SetConversations(state.Plan!.Packed.Count, state.Sums.Done, state.Sums.NotComplete);
        await using var writer = new RunWriter(
            journal, state, new RunFiles(archive.Store, state.Head), archive.Limits,
            FileFetching.ScopeOf(archive, state.Head), tracker);
        Channel<ReadItem> items = Channel.CreateBounded<ReadItem>(new BoundedChannelOptions(Waiting) { SingleReader = true });
        await Together.DoAsync(
            async abort =>
            {
                foreach (PlannedConversation[] some in state.Left.Chunk(ArchivedSource.AtOnce).TakeWhile(_ => !clock.IsEnding))
                    await source.AddAsync(state, [.. some.Select(c => NotAsked(c, state))], items.Writer, clock, abort);
                items.Writer.Complete();
            },
            abort => writer.WriteAsync(items.Reader, abort), cancellationToken);
        return state with { Checkpoints = [.. state.Checkpoints, .. writer.Written], Point = writer.Point };
    }

    private async Task<RunState> PlanAsync(RunState state, ArchivedSource source, CancellationToken cancellationToken)
    {
        IEnumerable<string> ids = state.Head.Conversations?.Order(StringComparer.Ordinal)
            ?? source.Known(state.Head.Choice?.Contact).Select(c => c.Id);
        var plan = new RunPlan(ActiveSince: null, IsWholeList: false, [], 0)
        {
            Packed = RunPlan.Pack(ids.Select(id => PlanOf(id, source.Index.Find(id)?.Names ?? IndexedNames.None))),
            Tag = RunJournal.NewTag(),
        };
        await journal.SavePlanAsync(plan, cancellationToken);
        return state with { Plan = plan, Point = ResumePoint.Start(plan.Packed.Count) };
    }

    private static PlannedConversation PlanOf(string id, IndexedNames names) =>
        new(id, names.PhoneNumber, names.ContactName, Status: null, LastActiveAt: null, Full: true, Due: false)
        {
            BusinessScopedUserId = names.BusinessScopedUserId,
            Username = names.Username,
        };

    private static ConversationDone NotAsked(PlannedConversation conversation, RunState state)
    {
        ICollection<Change> written = [.. state.Written.GetValueOrDefault(conversation.Id)?.Values ?? []];
        var row = new ConversationRow
        {
            ConversationId = conversation.Id,
            Run = state.Run,
            PhoneNumber = conversation.PhoneNumber,
            ContactName = conversation.ContactName,
            BusinessScopedUserId = conversation.BusinessScopedUserId,
            Username = conversation.Username,
            Status = conversation.Status,
            LastActiveAt = conversation.LastActiveAt is { } lastActive ? Timestamp.ToMicros(lastActive) : null,
            Extra = conversation.Extra,
            Outcome = ConversationOutcome.Failed,
            Reason = state.Head.Unavailable is null ? null : "Kapso could not be asked",
            Added = written.Count(c => c == Change.Added),
            Changed = written.Count(c => c == Change.Changed),
            Removed = written.Count(c => c == Change.Removed),
        };
        var visit = new JournalVisit(row, IsUnknownToSource: false, RejectedDigest: 0, IsNewlyGone: false, Due: false);
        return new ConversationDone(visit, conversation.Place, []);
    }
}
