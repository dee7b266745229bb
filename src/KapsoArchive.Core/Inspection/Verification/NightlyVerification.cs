namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Verifies a part of the archive after each nightly run, if <c>Archive:VerifySubset</c> is set.</summary>
public sealed class NightlyVerification(ProjectArchive archive)
{
    /// <param name="runId">The run that has just been committed.</param>
    /// <returns>The report: null if the setting is empty, the run was not a nightly run, or the archive cannot be verified now. And a
    /// warning: the damage, or why no part could be verified, in sentences; null for neither.</returns>
    public async Task<(VerificationReport? Report, string? Warning)> AfterAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            if (archive.VerificationParts is not { } parts || await new Nights(archive.Store).NewestAsync(cancellationToken) != runId)
                return (null, null);
            VerificationReport report = await new ArchiveVerification(archive.Store, archive.Time).VerifyAsync(
                new VerificationRequest(RunId: null, RebuildIndex: false) { Parts = parts }, new VerificationTracker(), cancellationToken);
            return (report, report.Findings is [var first, ..] ? Damage(report.Findings.Count, first) : null);
        }
        catch (Exception e) when (e is StoreException or SettingException)
        {
            return (null, VisibleText.Sentence($"No part of the archive was verified: {e.Message} The next night verifies this part."));
        }
    }

    private static string Damage(int findings, Finding first) => VisibleText.Sentence(
        $"The archive is damaged: {Quantity.Of(findings, "finding")}; the first: {first.Path} {first.Problem}. ")
        + "See `kapso-archive verify`.";
}
