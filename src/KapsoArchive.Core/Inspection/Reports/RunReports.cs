using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Pages;

namespace KapsoArchive.Core.Inspection.Reports;

/// <summary>Creates the report of a run from the archive: the manifest, the run record, and the columns of the run's parts that are
/// counted. Read-only. The report of a finished run is always the same while the archive is sound, so reports are not stored.</summary>
public sealed class RunReports(IStore store, ArchiveStatus status)
{
    private readonly CommittedRuns _runs = new(store);

    /// <param name="typed">The run's id or a unique prefix of it; null for the newest run.</param>
    /// <returns>The run's id, and the document.</returns>
    /// <exception cref="SettingException">The archive or the run does not exist.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<(string RunId, ReadOnlyMemory<byte> Page)> FindAsync(string? typed, CancellationToken cancellationToken)
    {
        RunSummary run = typed is not null
            ? await status.FindAsync(typed, cancellationToken)
            : (await status.ReadAsync(most: 1, cancellationToken)).Runs is [var newest] ? newest : throw ArchivePresence.None(store, "");
        return (run.RunId, await PageAsync(run, cancellationToken));
    }

    /// <summary>A report's head, for its sender.</summary>
    public static HtmlHead HeadOf(string runId) => new($"Run {runId}: report");

    /// <summary>The report of one run by its full id; null if the run does not exist.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<ReadOnlyMemory<byte>?> TryPageAsync(string runId, CancellationToken cancellationToken)
    {
        if (await status.TryFindAsync(runId, cancellationToken) is not { } run)
            return null;
        return await PageAsync(run, cancellationToken);
    }

    private async Task<ReadOnlyMemory<byte>> PageAsync(RunSummary run, CancellationToken cancellationToken)
    {
        StoredManifest? stored = run.Manifest is null ? null : await _runs.FindAsync(run.RunId, cancellationToken);
        (MessageTally? tally, string? problem) = run.Manifest is { } manifest
            ? await TallyAsync(new CommittedRun(store, run.RunId, manifest), cancellationToken)
            : default;
        ChainLink previous = await PreviousAsync(run.Manifest, cancellationToken);
        var page = new ArrayBufferWriter<byte>();
        new ReportDocument(new HtmlWriter(page), run, stored?.Sha256, previous, tally, problem).Write();
        return page.WrittenMemory;
    }

    private async Task<ChainLink> PreviousAsync(Manifest? manifest, CancellationToken cancellationToken)
    {
        if (manifest?.Previous is not { } previous)
            return ChainLink.First;
        string? sha256 = (await _runs.FindAsync(previous.RunId, cancellationToken))?.Sha256;
        return sha256 is null ? ChainLink.Missing : sha256 == previous.ManifestSha256 ? ChainLink.Holds : ChainLink.Differs;
    }

    private static async Task<(MessageTally? Tally, string? Problem)> TallyAsync(CommittedRun run, CancellationToken cancellationToken)
    {
        var tally = new MessageTally();
        try
        {
            await tally.AddAsync(run, cancellationToken);
            return (tally, null);
        }
        catch (DamagedFileException e)
        {
            return (null, $"{e.Path} {e.Problem}.");
        }
    }
}
