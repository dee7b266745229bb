using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Verifies a part of the archive after each nightly run, if <c>Archive:VerifySubset</c> is set.</summary>
public sealed partial class NightlyVerification(ProjectArchive archive, ILogger log)
{
    /// <param name="runId">The run that has just been committed.</param>
    /// <returns>Null if nothing was verified: it is not set, that was no nightly run, or another process is at work. Then the next night
    /// takes this part.</returns>
    /// <exception cref="SettingException">The share is wrong.</exception>
    public async Task<VerificationReport?> AfterAsync(string runId, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(archive.Options.VerifySubset))
            return null;
        int parts = VerificationPart.CountOf(archive.Options.VerifySubset, VerificationPart.Setting);
        try
        {
            if (await new Nights(archive.Store).NewestAsync(cancellationToken) != runId)
                return null;
            VerificationReport report = await new ArchiveVerification(archive.Store, archive.Time).VerifyAsync(
                new VerificationRequest(RunId: null, RebuildIndex: false) { Parts = parts }, new VerificationTracker(), cancellationToken);
            if (report.Findings is [var first, ..])
                Damaged(log, report.Findings.Count, $"{first.Path} {first.Problem}");
            else
                Sound(log, report.Checked.Files);
            return report;
        }
        catch (StoreException e) // Another process is at work, or the store failed.
        {
            Skipped(log, e);
            return null;
        }
    }

    [LoggerMessage(122, LogLevel.Warning, "The archive is damaged: {Findings} findings; the first: {First}. See `kapso-archive verify`.")]
    private static partial void Damaged(ILogger logger, int findings, string first);

    [LoggerMessage(123, LogLevel.Information, "A part of the archive was verified: {Files} files are as they were written.")]
    private static partial void Sound(ILogger logger, int files);

    [LoggerMessage(124, LogLevel.Warning, "No part of the archive was verified tonight.")]
    private static partial void Skipped(ILogger logger, Exception exception);
}
