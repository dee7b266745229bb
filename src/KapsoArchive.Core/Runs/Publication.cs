using KapsoArchive.Core.Delta;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Journal.Notes;
using KapsoArchive.Core.Media.Waiting;

namespace KapsoArchive.Core.Runs;

/// <summary>Publishes a run in the only safe order: reveal the files, create the manifest (from here the run is committed), write the
/// commits of the Delta tables, swap latest.json, write the index and the notes, and the mark of a nightly run. Each step is safe to
/// repeat, so any execution that finds a journal with a commit can start again. The journal is dropped after everything about the run has
/// been written.</summary>
internal sealed class Publication(IStore store, RunJournal journal, RunClaims claims, RunTracker tracker)
{
    private const int RevealedAtOnce = 16;

    /// <param name="state">The run, which is claimed for publication.</param>
    /// <exception cref="StoreConflictException">Another writer has closed the run, or written the index since.</exception>
    /// <exception cref="StagedFileLostException">Staged bytes are gone, so the run cannot be published. It is not committed.</exception>
    /// <exception cref="StoreException">The store failed. The next execution continues from there.</exception>
    public async Task<Manifest> PublishAsync(RunState state, CancellationToken cancellationToken)
    {
        JournalCommit commit = state.Commit ?? throw new ArgumentException("There is nothing to publish.", nameof(state));
        Manifest manifest = commit.ToManifest();
        StorePath path = state.Head.Manifest;
        StoredDocument? found = await store.ReadAsync(path, cancellationToken);
        if (found?.Content.Span.SequenceEqual(commit.Manifest) == false)
            throw new StoreConflictException(
                $"{path.Name} of {store.Location} differs from what run {manifest.RunId} would write. It was not changed.");
        if (found is null)
        {
            await RevealMediaAsync(commit.Files, cancellationToken);
            // One after another: a run that must be given up leaves as little visible as it can.
            foreach (RunFile file in commit.Files.Where(f => f.Entry.Dataset != Datasets.MediaFiles))
                await store.RevealAsync(file.Staged, cancellationToken);
            if (state.Head.Kind == RunKind.Export)
                await StoreDocuments.OverwriteAsync(
                    store, CommittedRuns.SumsOf(manifest.RunId), HashSums.OfExport(manifest, commit.Manifest), cancellationToken);
            await StoreDocuments.CreateAsync(store, path, commit.Manifest, cancellationToken);
        }

        tracker.Committed = manifest;
        if (state.Head.Kind == RunKind.Export)
            return manifest; // An export is self-contained: no pointer leads to it, and the index does not include it.

        tracker.TableRemark = await DeltaTables.AppendAsync(store, cancellationToken);
        string hash = Convert.ToHexStringLower(SHA256.HashData(commit.Manifest));
        await new LatestSnapshot(store).SwapAsync(
            new LatestPointer(manifest.RunId, path.Name, hash, manifest.FinishedAt), cancellationToken);
        await WriteIndexAsync(state, cancellationToken);
        await ListingNotes.UpdateAsync(
            store, manifest.RunId, state.Done.Select(d => (d.Row.ConversationId, d.Note)), state.Last?.WorkingSize, claims.CheckAsync,
            cancellationToken);
        if (commit.Waiting is { } waiting)
            await WaitingFiles.SwapAsync(store, waiting, claims.CheckAsync, cancellationToken);
        if (state.Head.IsNightly)
            await new Nights(store).MarkAsync(manifest.RunId, cancellationToken);
        if (state.Head.IsAtNewPlace)
            await ArchivePlace.Of(store, manifest.FinishedAt).WriteAsync(store, cancellationToken);
        return manifest;
    }

    /// <summary>Makes the files behind messages visible, many at once: no reader of the lake sees them before the media dataset.</summary>
    private Task RevealMediaAsync(IReadOnlyList<RunFile> files, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            files.Where(f => f.Entry.Dataset == Datasets.MediaFiles && !f.IsPresent),
            new ParallelOptions { MaxDegreeOfParallelism = RevealedAtOnce, CancellationToken = cancellationToken },
            async (file, token) => await store.RevealAsync(file.Staged, token));

    private async Task WriteIndexAsync(RunState state, CancellationToken cancellationToken)
    {
        RunPlan plan = state.Plan!;
        long asOf = plan.Discovery?.AsOf is { } time ? Timestamp.ToMicros(time) : state.Run.ArchivedAtMicros;
        await ArchiveIndex.CommitAsync(
            store,
            new IndexUpdate
            {
                RunId = state.Run.RunId,
                PreviousRunId = state.Head.Previous?.RunId,
                Fingerprints = state.Head.Fingerprints,
                DiscoveredAt = state.Head.Conversations is null && plan.IsProven ? asOf : null,
                ListedAt = plan.IsWholeList ? asOf : null,
                Check = claims.CheckAsync,
                Visits = state.DoneById.Select(d => d.ToVisit()),
                Changes = journal.ChangesAsync(state.Checkpoints, cancellationToken),
            },
            cancellationToken);
    }
}
