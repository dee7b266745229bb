using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal.Notes;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Media.Waiting;
using KapsoArchive.Core.Runs.Fetching;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Runs.Writing;

namespace KapsoArchive.Core.Runs;

/// <summary>The first stage of a run: plans once what to read, and reads until the slice ends.</summary>
internal sealed class RunReading(ProjectArchive archive, KapsoClient client, RunJournal journal, RunTracker tracker, RunClock runClock)
{
    /// <summary>Reads. A run of listed conversations learns the present from the first page, and starts again if its clock was
    /// wrong.</summary>
    /// <param name="clock">Ends the slice; what was read is kept.</param>
    /// <param name="interruption">Ends the planning at once.</param>
    /// <param name="cancellationToken">Stops everything: this process no longer owns the store.</param>
    /// <returns>The state after the slice, which the journal holds too.</returns>
    public async Task<RunState> ReadAsync(
        RunState state, SliceClock clock, CancellationToken interruption, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnceAsync(state, clock, interruption, cancellationToken);
        }
        catch (RunClock.WrongTimeException e)
        {
            state = await journal.ResumeAsync(cancellationToken);
            state = await SettleAsync(state, state.Head.At(e.Present), cancellationToken);
            return await ReadOnceAsync(state, clock, interruption, cancellationToken);
        }
    }

    private async Task<RunState> ReadOnceAsync(
        RunState state, SliceClock clock, CancellationToken interruption, CancellationToken cancellationToken)
    {
        bool isExport = state.Head.Kind == RunKind.Export;
        ArchivedSource? archived = state.Head.Source == ExportSource.Both
            ? await ArchivedSource.OpenAsync(archive.Store, tracker, cancellationToken)
            : null;
        if (archived is not null && state.Head.AllVersions) // Then only what is new or changed follows the versions of the archive.
            state = state with { Head = state.Head with { FingerprintVersion = archived.Index.Catalog.Form.Fingerprints } };
        ArchiveIndex index = isExport
            ? archived is not null && state.Head.AllVersions ? archived.Index : ArchiveIndex.None(archive.Store)
            : await ArchiveIndex.OpenAsync(archive.Store, state.Head.Previous?.RunId, state.Head.Fingerprints, cancellationToken);
        ListingNotes notes = isExport ? new ListingNotes() : await ListingNotes.ReadAsync(archive.Store, cancellationToken);
        if (state.Plan is null)
            state = await PlanAsync(state, index, archived, notes, interruption, cancellationToken);

        tracker.Phase = RunPhase.Reading;
        tracker.SetConversations(state.Plan!.Packed.Count, state.Sums.Done, state.Sums.NotComplete);
        MediaScope media = FileFetching.ScopeOf(archive, state.Head);
        await using var writer = new RunWriter(journal, state, new RunFiles(archive.Store, state.Head), archive.Limits, media, tracker);
        bool knowsTime = state.Plan.Discovery is not null || state.Head.Warnings is not null || state.Last is not null;
        var readers = new ConversationReaders(
            client, index, notes, state, archive.Options, archive.Kapso, tracker, archived, knowsTime ? null : runClock,
            isExport || media.IsNone ? new HashSet<UInt128>() : await WaitingFiles.KeysAsync(archive.Store, cancellationToken));
        await readers.ReadAsync(state.Left, writer, clock, cancellationToken);
        return state with { Checkpoints = [.. state.Checkpoints, .. writer.Written], Point = writer.Point };
    }

    /// <summary>Determines what to read, and keeps it in the journal before anything is read.</summary>
    private async Task<RunState> PlanAsync(
        RunState state, ArchiveIndex index, ArchivedSource? archived, ListingNotes notes, CancellationToken interruption,
        CancellationToken cancellationToken)
    {
        if (notes.Damage is { } damage)
        {
            string warning = $"{ListingNotes.Path.Name} of {archive.Store.LocationOf(StoreArea.State)} {damage}. "
                + "It counts as empty: pending removals start to wait again.";
            state = state with { Head = state.Head with { Damages = [.. state.Head.Damages ?? [], warning] } };
            await journal.SaveHeadAsync(state.Head, cancellationToken);
        }

        tracker.Phase = RunPhase.Discovering;
        IndexCatalog names = archived?.Index.Catalog ?? await NamesAsync(index, cancellationToken);
        var planner = new RunPlanner(
            client, index, names, notes, archive.Options, archive.Kapso.MaxListMegabytes, runClock, state.Head);
        RunPlan plan = await planner.PlanAsync(interruption) with { Tag = RunJournal.NewTag() };
        state = await SettleAsync(state, planner.Head, cancellationToken);
        await journal.SavePlanAsync(plan, cancellationToken);
        return state with { Plan = plan, Point = ResumePoint.Start(plan.Packed.Count) };
    }

    /// <summary>Saves the time that the run takes as the present, before anything is written with it.</summary>
    private async Task<RunState> SettleAsync(RunState state, JournalHead head, CancellationToken cancellationToken)
    {
        if (head.StartedAt != state.Head.StartedAt || head.Warnings is not null)
            await journal.SaveHeadAsync(head, cancellationToken);
        return state with { Head = head };
    }

    /// <summary>The names for an export, from the archive beside it. An archive without an index does not stop the export.</summary>
    private async Task<IndexCatalog> NamesAsync(ArchiveIndex index, CancellationToken cancellationToken)
    {
        if (index.Catalog.RunId is not null)
            return index.Catalog;
        try
        {
            return (await ArchiveIndex.ReadAsync(archive.Store, cancellationToken)).Catalog;
        }
        catch (IndexDamagedException)
        {
            return index.Catalog;
        }
    }
}
