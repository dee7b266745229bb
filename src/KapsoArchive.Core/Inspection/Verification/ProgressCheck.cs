using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Journal.Notes;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Checks the state documents that feed nothing else: the records of runs, exports and requests, the claims, the notes on
/// listings, and the place.</summary>
internal sealed class ProgressCheck(IStore store, VerificationNotes notes)
{
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        HashSet<string> exports = [.. await CheckRecordsAsync(RunKind.Export, cancellationToken)];
        HashSet<string> runs = [.. await CheckRecordsAsync(RunKind.Archive, cancellationToken)];
        await CheckOperationsAsync(exports, cancellationToken);
        await foreach ((string run, _) in new CommittedRuns(store).ListAsync(cancellationToken))
            runs.Add(run);
        await CheckClaimsAsync(runs, cancellationToken);
        await CheckAsync(
            ListingNotes.Path, Remedy.DeleteNotes, async () => (await ListingNotes.ReadAsync(store, cancellationToken)).Damage);
        await CheckAsync(ArchivePlace.Path, Remedy.DeletePlace, () => ArchivePlace.FindDamageAsync(store, cancellationToken));
        await CheckAsync(CopyMark.Path, Remedy.BackUpAgain, () => CopyMark.FindDamageAsync(store, cancellationToken));
    }

    /// <returns>The ids of all records.</returns>
    private async Task<IReadOnlyList<string>> CheckRecordsAsync(RunKind kind, CancellationToken cancellationToken)
    {
        var records = new ProgressDocuments(store, kind);
        IReadOnlyList<string> ids = await records.ListAsync(cancellationToken);
        foreach (string id in ids)
        {
            await CheckAsync(records.PathOf(id), Remedy.DeleteTelling, async () =>
            {
                await records.ReadAsync(id, cancellationToken);
                return null;
            });
        }

        return ids;
    }

    private async Task CheckOperationsAsync(HashSet<string> exports, CancellationToken cancellationToken)
    {
        await foreach (StoredFile file in store.ListAsync(StoreArea.State, OperationDocument.Folder, cancellationToken))
        {
            await CheckAsync(file.Path, Remedy.DeleteTelling, async () =>
                await store.ReadAsync(file.Path, cancellationToken) is { } document
                && OperationDocument.FromJson(file.Path, document.Content.Span).ExportId is var id && !exports.Contains(id)
                    ? $"names export {id}, which has no status document"
                    : null);
        }
    }

    /// <param name="runs">The known runs.</param>
    private async Task CheckClaimsAsync(HashSet<string> runs, CancellationToken cancellationToken)
    {
        IReadOnlyList<(long Number, StorePath Path)> claims = await RunClaims.ListAsync(store, RunClaims.Folder, cancellationToken);
        foreach ((long number, StorePath path) in claims)
        {
            await CheckAsync(path, number == claims[^1].Number ? Remedy.TakeOverClaim : Remedy.DeleteClaim, async () =>
                await store.ReadAsync(path, cancellationToken) is not { } document ? null
                : ClaimDocument.TryParse(number, document.Content.Span) is not { } claim ? "is not a claim that a run made"
                : UnknownTo(runs, claim) is { } unknown ? $"names run {unknown}, which this archive does not have"
                : null);
        }
    }

    /// <summary>A run killed right after its claim left nothing else, so only the run before it must be known.</summary>
    private static string? UnknownTo(HashSet<string> runs, ClaimDocument claim) =>
        claim.Predecessor is { } before && !runs.Contains(before) ? before
        : claim.Phase != ClaimPhase.Reading && !runs.Contains(claim.RunId) ? claim.RunId
        : null;

    private async Task CheckAsync(StorePath path, string remedy, Func<Task<string?>> findProblem)
    {
        try
        {
            if (await findProblem() is { } problem)
                notes.Find(path.Name, problem, remedy);
        }
        catch (RefusedFileException e)
        {
            notes.Find(path.Name, e.Problem, Remedy.MoveAway);
        }
        catch (StoreException e) when (e.InnerException is JsonException damage)
        {
            notes.Find(path.Name, $"is damaged: {damage.Message.TrimEnd('.')}", remedy);
        }
    }
}
