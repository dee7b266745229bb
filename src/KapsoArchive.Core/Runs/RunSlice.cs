using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Journal.Notes;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Runs.Writing;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>One slice of a run: resumes it from its journal, reads for a while, and publishes it when nothing is left to read.</summary>
internal sealed class RunSlice(
    ProjectArchive archive, KapsoClient client, RunJournal journal, RunClaim claim, RunTracker tracker)
{
    private readonly RunClock _clock = new(archive, client.Clock);

    /// <param name="state">State of the run.</param>
    /// <param name="interruption">Ends the slice at once; what was read is kept.</param>
    /// <param name="cancellationToken">Stops everything: this process no longer owns the store.</param>
    /// <returns>The manifest; null if the run is not finished.</returns>
    public async Task<Manifest?> ExecuteAsync(RunState state, CancellationToken interruption, CancellationToken cancellationToken)
    {
        using var clock = new SliceClock(Duration(state.Head.Stalled), archive.Time, interruption);
        tracker.Begin(journal.RunId, client.Counters, archive.Budget, state.Sums.Messages, state.Sums.Costs);
        if (state.Commit is null)
        {
            state = await ReadByTheRightClockAsync(state, clock, interruption, cancellationToken);
            if (state.Plan!.Packed.Count > state.Sums.Done)
            {
                interruption.ThrowIfCancellationRequested();
                return null;
            }

            interruption.ThrowIfCancellationRequested();
            ReadingMemory.GiveBack();
            if (!state.IsWhole)
                state = await journal.LoadAsync(cancellationToken);
            var completion = new RunCompletion(archive, journal, claim, state, _clock, tracker);
            state = state with { Commit = await completion.StageAsync(interruption, cancellationToken) };
        }

        tracker.Phase = RunPhase.Publishing;
        if (!claim.IsPublishing || state.Head.HasPages)
            await claim.PublishAsync(cancellationToken);
        return await new Publication(archive.Store, journal, claim, tracker).PublishAsync(state, cancellationToken);
    }

    /// <summary>
    /// Duration of the slice. It doubles each time the run makes no progress: if the source chooses the page size, a listing cannot be
    /// paused within a sweep, which may need longer than one slice.
    /// </summary>
    private TimeSpan Duration(int stalled) => archive.Options.SliceDuration * (1 << Math.Clamp(stalled - 1, 0, 6));

    /// <summary>Reads. A run of listed conversations learns the present from the first page, and starts again if its clock was
    /// wrong.</summary>
    private async Task<RunState> ReadByTheRightClockAsync(
        RunState state, SliceClock clock, CancellationToken interruption, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(state, clock, interruption, cancellationToken);
        }
        catch (RunClockException e)
        {
            state = await journal.ResumeAsync(cancellationToken);
            return await ReadAsync(
                await SettleAsync(state, state.Head.At(e.Present), cancellationToken), clock, interruption, cancellationToken);
        }
    }

    /// <summary>Saves the time that the run takes as the present, before anything is written with it.</summary>
    private async Task<RunState> SettleAsync(RunState state, JournalHead head, CancellationToken cancellationToken)
    {
        if (head.StartedAt != state.Head.StartedAt || head.Warnings is not null)
            await journal.SaveHeadAsync(head, cancellationToken);
        return state with { Head = head };
    }

    private async Task<RunState> ReadAsync(
        RunState state, SliceClock clock, CancellationToken interruption, CancellationToken cancellationToken)
    {
        ArchiveIndex index = state.Head.Kind == RunKind.Export
            ? ArchiveIndex.None(archive.Store)
            : await ArchiveIndex.OpenAsync(archive.Store, state.Head.Previous?.RunId, state.Head.Fingerprints, cancellationToken);
        ListingNotes notes = state.Head.Kind == RunKind.Export
            ? new ListingNotes()
            : await ListingNotes.ReadAsync(archive.Store, cancellationToken);
        if (state.Plan is null)
        {
            if (notes.Damage is { } damage)
                state = await TellAsync(
                    state,
                    $"{ListingNotes.Path.Name} of {archive.Store.LocationOf(StoreArea.State)} {damage}. "
                        + "It counts as empty: pending removals start to wait again.", cancellationToken);
            tracker.Phase = RunPhase.Discovering;
            var planner = new RunPlanner(
                client, index, await NamesAsync(index, cancellationToken), notes, archive.Options, archive.Kapso.MaxListMegabytes,
                _clock, state.Head);
            RunPlan plan = await planner.PlanAsync(interruption) with { Tag = RunJournal.NewTag() };
            state = await SettleAsync(state, planner.Head, cancellationToken);
            await journal.SavePlanAsync(plan, cancellationToken);
            state = state with { Plan = plan, Point = ResumePoint.Start(plan.Packed.Count) };
        }

        tracker.Phase = RunPhase.Reading;
        tracker.SetConversations(state.Plan.Packed.Count, state.Sums.Done, state.Sums.NotComplete);
        await using var writer = new RunWriter(journal, state, new RunFiles(archive.Store, state.Head), archive.Limits, tracker);
        bool knowsTime = state.Plan.Discovery is not null || state.Head.Warnings is not null || state.Last is not null;
        await new RunReading(
            client, index, notes, state, archive.Options, archive.Kapso, tracker, knowsTime ? null : _clock)
            .ReadAsync(state.Left, writer, clock, cancellationToken);
        return state with { Checkpoints = [.. state.Checkpoints, .. writer.Written], Point = writer.Point };
    }

    private async Task<RunState> TellAsync(RunState state, string damage, CancellationToken cancellationToken)
    {
        state = state with { Head = state.Head with { Damages = [.. state.Head.Damages ?? [], damage] } };
        await journal.SaveHeadAsync(state.Head, cancellationToken);
        return state;
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
