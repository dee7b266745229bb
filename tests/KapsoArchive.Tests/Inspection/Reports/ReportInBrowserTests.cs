using KapsoArchive.Core.Inspection.Reports;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Browser;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Reports;

/// <summary>Reports in a real browser, on a narrow and a wide screen, in light and dark.</summary>
public sealed class ReportInBrowserTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reports_are_accessible_on_every_screen()
    {
        using var folder = new TemporaryFolder();
        var store = new FolderStore(folder.File("lake"));
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 30, Messages = 4_000 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);
        Manifest complete = await harness.RunAsync();
        Manifest partial = await harness.RunAsync(["no-such-conversation", "another-that-is-not-there", .. sandbox.Data.Conversations.Select(c => c.Id)]);
        ProgressDocument record = (await new ProgressDocuments(store).ReadAsync(complete.RunId, Cancellation))!;
        const string Failed = "20200101T000000Z-00000000";
        await new ProgressDocuments(store).WriteAsync(record with { RunId = Failed, Status = RunStatus.Failed, Manifest = null, Error = "The source refused the key." }, Cancellation);

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [await PageAsync("report-complete", complete.RunId), await PageAsync("report-partial", partial.RunId), await PageAsync("report-failed", Failed)], Cancellation, expand: false);

        visits.Count.ShouldBe(12);
        foreach (PageVisit visit in visits)
            visit.ShouldBeSound();

        async Task<BrowserPage> PageAsync(string name, string run)
        {
            ReadOnlyMemory<byte> page = (await new RunReports(store, new ArchiveStatus(store, TimeProvider.System)).TryPageAsync(run, Cancellation)).ShouldNotBeNull();
            await File.WriteAllBytesAsync(folder.File($"{name}.html"), page.ToArray(), Cancellation);
            return BrowserPage.File(name, folder.File($"{name}.html"));
        }
    }
}
