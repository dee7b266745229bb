using System.Threading.Channels;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Runs.Writing;

namespace KapsoArchive.Core.Runs;

/// <summary>The first stage of an export out of the archive: takes the newest version of each message from the committed parts, without
/// those that the source removed. Sends no request. Needs about 100 bytes of memory for each message of a thousand conversations.</summary>
internal sealed class ArchivedReading(ProjectArchive archive, RunJournal journal, RunTracker tracker)
{
    /// <summary>Conversations that are read in one pass over the parts.</summary>
    private const int AtOnce = 1_000;

    private const int Waiting = 8;

    /// <returns>The state after the slice, which the journal holds too.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public async Task<RunState> ReadAsync(RunState state, SliceClock clock, CancellationToken cancellationToken)
    {
        tracker.Phase = RunPhase.Discovering;
        IndexCatalog catalog = await CatalogAsync(cancellationToken);
        if (state.Plan is null)
            state = await PlanAsync(state, catalog, cancellationToken);
        tracker.Phase = RunPhase.Reading;
        tracker.SetConversations(state.Plan!.Packed.Count, state.Sums.Done, state.Sums.NotComplete);
        await using var writer = new RunWriter(journal, state, new RunFiles(archive.Store, state.Head), archive.Limits, tracker);
        Channel<ReadItem> items = Channel.CreateBounded<ReadItem>(new BoundedChannelOptions(Waiting) { SingleReader = true });
        await ConversationReaders.TogetherAsync(
            async abort =>
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(abort, clock.Stop);
                try
                {
                    foreach (PlannedConversation[] some in state.Left.Chunk(AtOnce).TakeWhile(_ => !clock.IsEnding))
                        await new ArchivedConversations(archive.Store, state, catalog, items.Writer, tracker).ReadAsync(some, stop.Token);
                }
                catch (OperationCanceledException) when (clock.IsEnding && !abort.IsCancellationRequested)
                {
                    // What was passed on is kept, and not written twice.
                }

                items.Writer.Complete();
            },
            abort => writer.WriteAsync(items.Reader, abort), cancellationToken);
        return state with { Checkpoints = [.. state.Checkpoints, .. writer.Written], Point = writer.Point };
    }

    /// <summary>The source of the archived messages, as the newest manifest names it.</summary>
    public static async Task<string> SourceAsync(IStore store, CancellationToken cancellationToken)
    {
        NewestRun newest = await new LatestSnapshot(store).FindAsync(cancellationToken);
        StoredManifest? manifest = newest.RunId is { } id ? await new CommittedRuns(store).FindAsync(id, cancellationToken) : null;
        return manifest?.Manifest?.Source.BaseUrl ?? "";
    }

    private async Task<IndexCatalog> CatalogAsync(CancellationToken cancellationToken)
    {
        if (!await ArchivePresence.IsThereAsync(archive.Store, cancellationToken))
            throw ArchivePresence.None(archive.Store, "");
        string problem = "is missing";
        try
        {
            IndexCatalog catalog = (await ArchiveIndex.ReadAsync(archive.Store, cancellationToken)).Catalog;
            if (catalog.RunId is not null)
                return catalog;
        }
        catch (IndexDamagedException)
        {
            problem = "is damaged";
        }

        throw new SettingException(
            $"The index of the archive at {archive.Store.Location} {problem}. Remake it with `kapso-archive verify --rebuild-index`.");
    }

    private async Task<RunState> PlanAsync(RunState state, IndexCatalog catalog, CancellationToken cancellationToken)
    {
        IEnumerable<string> ids = state.Head.Conversations?.Order(StringComparer.Ordinal)
            ?? catalog.Conversations.Select(c => c.Id);
        var plan = new RunPlan(ActiveSince: null, IsWholeList: false, [], 0)
        {
            Packed = RunPlan.Pack(ids.Select(id => PlanOf(id, catalog.Find(id)?.Names ?? IndexedNames.None))),
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
}
