using KapsoArchive.Core.Inspection.Verification;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive verify</c>.</summary>
internal static class VerifyCommand
{
    public static Task<int> ExecuteAsync(VerificationRequest request, string? subset, string? export, string? destination, bool json,
        bool isQuiet, bool breakLock, CancellationToken cancellationToken) => Failure.ReportedAsync(
        async () =>
        {
            if (subset is not null && (request is not { RunId: null, RebuildIndex: false } || export is not null))
                throw new SettingException("--subset cannot be combined with --run, --export or --rebuild-index. Keep one.");
            request = request with { Parts = subset is null ? null : VerificationPart.CountOf(subset, "--subset") };
            await using CliServices services = CliServices.ForStore(destination);
            var tracker = new VerificationTracker();
            (string what, VerificationReport report) = await LockBreaking.DoAsync(
                services.Store,
                breakLock,
                () => LiveLine.ShowAsync(isQuiet, elapsed => Line(tracker, elapsed),
                    () => VerifyAsync(services, request, export, tracker, cancellationToken)),
                cancellationToken);
            if (json)
                await Terminal.SayJsonAsync(report.ToJson());
            else if (!isQuiet || !report.Sound)
                VerificationPrint.Print(report, what);
            return report.Sound ? ExitCode.Complete : ExitCode.NotSound;
        },
        json, cancellationToken, "Interrupted. A verification changes nothing of the archive. Start it again at any time.");

    private static async Task<(string What, VerificationReport Report)> VerifyAsync(
        CliServices services, VerificationRequest request, string? export, VerificationTracker tracker, CancellationToken cancellationToken)
    {
        if (export is null)
        {
            return (
                $"archive at {services.Store.Location}",
                await services.Get<ArchiveVerification>().VerifyAsync(request, tracker, cancellationToken));
        }

        if (request is not { RunId: null, RebuildIndex: false, AcceptedRunId: null })
            throw new SettingException("--export cannot be combined with --run, --accept or --rebuild-index. Keep one.");
        (string id, VerificationReport report) = await services.Get<ExportVerification>().VerifyAsync(export, tracker, cancellationToken);
        return ($"export at {services.Store.LocationOf(StoreArea.Exports)}/{id}", report);
    }

    private static FormattableString Line(VerificationTracker tracker, TimeSpan elapsed) => tracker.Phase switch
    {
        VerificationPhase.ReadingManifests => $"Reading the manifests, {LiveLine.Clock(elapsed)}",
        VerificationPhase.RebuildingIndex => $"Rebuilding the index from the parts, {LiveLine.Clock(elapsed)}",
        VerificationPhase.CheckingFiles =>
            $"Files {tracker.FilesDone:N0} of {tracker.Files:N0}, {Megabytes(tracker)} MB, {LiveLine.Clock(elapsed)}",
        _ => $"Comparing the index with the parts, {LiveLine.Clock(elapsed)}",
    };

    private static string Megabytes(VerificationTracker tracker) =>
        string.Create(CultureInfo.InvariantCulture, $"{tracker.BytesDone / 1e6:N0} of {tracker.Bytes / 1e6:N0}");
}
