using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Reports;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Reports;

/// <summary>The report of a run tells what the archive holds, and nothing else.</summary>
public sealed class RunReportTests : IDisposable
{
    private const string Unknown = "no-such-conversation";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FolderStore Store => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_counts_by_type_direction_and_day_agree_with_DuckDB()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 8, Messages = 900 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, new RunLimits { RowGroupRows = 100, PartBytes = 30_000 });
        Manifest manifest = await harness.RunAsync();
        using var duck = new DuckDb();
        string parts = $"read_parquet('{_folder.Path}/messages/*/*.parquet') WHERE change <> 'removed'";

        IDocument page = await PageAsync(manifest.RunId);

        manifest.Files.Count(f => f.Dataset == "messages").ShouldBeGreaterThan(1);
        Counts(page, "By type").ShouldBe(Counts(duck, $"SELECT coalesce(message_type, '(none)'), count(*) FROM {parts} GROUP BY ALL"), ignoreOrder: true);
        Counts(page, "By direction").ShouldBe(Counts(duck, $"SELECT coalesce(direction, '(none)'), count(*) FROM {parts} GROUP BY ALL"), ignoreOrder: true);
        long undated = duck.Count($"SELECT count(*) FROM {parts} AND created_at IS NULL");
        Counts(page, "Messages by ").Sum(c => c.Count).ShouldBe(900 - undated);
    }

    [Fact]
    public async Task The_outcome_comes_first_and_each_incomplete_conversation_has_its_reason()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 40 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        Manifest manifest = await harness.RunAsync([Unknown, .. sandbox.Data.Conversations.Select(c => c.Id)]);

        IDocument page = await PageAsync(manifest.RunId);

        page.QuerySelector("main h1")!.TextContent.ShouldBe("1 of 3 conversations is not complete");
        page.QuerySelector("h1 + .lead .badge.warning")!.TextContent.ShouldBe("Not complete");
        page.QuerySelectorAll("h2").Select(h => h.TextContent).ShouldBe(["What is not complete", "Messages written", "What it took", "Files", "The chain"]);
        string[] cells = [.. page.QuerySelectorAll("h2 + .scroll tbody tr")[0].QuerySelectorAll("td").Select(c => c.TextContent)];
        cells.ShouldBe([Unknown, "failed", "not found", "unknown", "0", "Check the id: this key's project has no such conversation."]);
    }

    [Fact]
    public async Task Every_file_has_its_hash_and_a_changed_manifest_breaks_the_chain()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 40 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        Manifest first = await harness.RunAsync();
        Manifest second = await harness.RunAsync();
        string firstFile = _folder.File($"_manifests/{first.RunId}.json");

        string[] files = [.. (await PageAsync(first.RunId)).QuerySelectorAll("td small.mono").Select(c => c.TextContent)];
        string holds = Chain(await PageAsync(second.RunId));
        await File.AppendAllTextAsync(firstFile, "\n", Cancellation);
        string differs = Chain(await PageAsync(second.RunId));
        File.Delete(firstFile);
        string missing = Chain(await PageAsync(second.RunId));

        files.ShouldBe(first.Files.Select(f => f.Sha256));
        (holds, differs, missing).ShouldBe(("Holds", "Broken", "Broken"));
        (await PageAsync(second.RunId)).Body!.TextContent.ShouldContain(second.Previous!.ManifestSha256);
    }

    [Fact]
    public async Task The_same_run_gives_the_same_report()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 40 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        Manifest manifest = await harness.RunAsync();

        ReadOnlyMemory<byte> first = await BytesAsync(manifest.RunId);
        ReadOnlyMemory<byte> again = await BytesAsync(manifest.RunId);

        first.Span.SequenceEqual(again.Span).ShouldBeTrue();
    }

    [Theory]
    [InlineData("messages/", true, "is missing")]
    [InlineData("messages/", false, "is not as long as the manifest says")]
    public async Task A_damaged_part_is_reported_and_the_rest_of_the_report_remains(string folder, bool delete, string expected)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 40 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        Manifest manifest = await harness.RunAsync();
        string part = _folder.File(manifest.Files.First(f => f.Path.StartsWith(folder, StringComparison.Ordinal)).Path);
        if (delete)
            File.Delete(part);
        else
            await File.WriteAllTextAsync(part, "PAR1", Cancellation);

        IDocument page = await PageAsync(manifest.RunId);

        page.QuerySelector(".panel.bad")!.TextContent.ShouldContain(expected);
        page.QuerySelector(".panel.bad code")!.TextContent.ShouldBe($"kapso-archive verify --run {manifest.RunId}");
        page.QuerySelectorAll("td small.mono").Length.ShouldBe(manifest.Files.Count);
    }

    [Theory]
    [InlineData(RunStatus.NotStarted, false, "The run has not started", "")]
    [InlineData(RunStatus.Running, false, "The run was interrupted", "warning")]
    [InlineData(RunStatus.Failed, false, "The run failed", "bad")]
    [InlineData(RunStatus.Failed, true, "The run failed", "bad")]
    [InlineData(RunStatus.Canceled, false, "The run was cancelled", "")]
    public async Task An_uncommitted_run_has_a_report_too(RunStatus status, bool interrupted, string headline, string tone)
    {
        const string Id = "20261122T020000Z-1a2b3c4d";
        await Store.PrepareAsync(Cancellation);
        await new ProgressDocuments(Store).WriteAsync(
            new ProgressDocument
            {
                RunId = Id,
                Trigger = "timer",
                Status = status,
                Interrupted = interrupted,
                CreatedAt = Rows.Run.ArchivedAt,
                StartedAt = Rows.Run.ArchivedAt,
                UpdatedAt = Rows.Run.ArchivedAt.AddMinutes(3),
                Request = new ProgressRequest("all", null, false, ["parquet"]),
                Progress = new ProgressCounts(new ProgressConversations(3, 1, 12), 90, 7, 0),
                Error = status == RunStatus.Failed ? "It <b>broke</b>." : null,
            },
            Cancellation);

        IDocument page = await PageAsync(Id);

        page.QuerySelector("h1")!.TextContent.ShouldBe(headline);
        page.QuerySelector(".lead .badge")!.ClassName.ShouldBe(tone.Length > 0 ? $"badge {tone}" : "badge");
        page.Body!.TextContent.ShouldContain("nothing of it is part of the archive");
        page.Body.TextContent.ShouldContain("3 of 12");
        page.QuerySelectorAll("b").ShouldBeEmpty();
        if (status == RunStatus.Failed)
            page.QuerySelector(".panel p")!.TextContent.ShouldBe("It <b>broke</b>.");
    }

    [Fact]
    public async Task A_report_loads_nothing_and_runs_no_script()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 40 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        Manifest manifest = await harness.RunAsync();

        IDocument page = await PageAsync(manifest.RunId);

        page.QuerySelectorAll("script, img, iframe, object, form, [style]").ShouldBeEmpty();
        page.QuerySelectorAll("[src], a[href], link:not([rel=icon])").ShouldBeEmpty();
        page.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content").ShouldBe(RunReports.HeadOf(manifest.RunId).Policy);
    }

    private async Task<ReadOnlyMemory<byte>> BytesAsync(string run) =>
        (await new RunReports(Store, new ArchiveStatus(Store, TimeProvider.System)).TryPageAsync(run, Cancellation)).ShouldNotBeNull();

    private async Task<IDocument> PageAsync(string run)
    {
        string html = Encoding.UTF8.GetString((await BytesAsync(run)).Span);
        return new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html);
    }

    private static string Chain(IDocument page) => page.QuerySelectorAll("h2")[^1].NextElementSibling!.QuerySelector(".badge")!.TextContent;

    private static IReadOnlyList<(string Name, long Count)> Counts(IDocument page, string caption) =>
    [
        .. page.QuerySelectorAll("table.bars").First(t => t.QuerySelector("caption")!.TextContent.StartsWith(caption, StringComparison.Ordinal)).QuerySelectorAll("tbody tr")
            .Select(r => (r.QuerySelector("th")!.TextContent, long.Parse(r.QuerySelector("td.number")!.TextContent.Replace(",", ""), System.Globalization.CultureInfo.InvariantCulture))),
    ];

    private static IReadOnlyList<(string Name, long Count)> Counts(DuckDb duck, string sql) => [.. duck.Rows(sql).Select(r => ((string)r[0]!, (long)r[1]!))];
}
