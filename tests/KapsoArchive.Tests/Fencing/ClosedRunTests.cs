using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Fencing;

/// <summary>A run that is half published and cannot be finished is closed: a manifest that is still on its way cannot land, and no reader counts
/// what is visible.</summary>
public sealed class ClosedRunTests : IDisposable
{
    private const int Messages = 200;
    private const int New = 3;

    /// <summary>Each run reads each conversation.</summary>
    private static readonly KeyValuePair<string, string?>[] Whole = [new("Archive:FullSweepEvery", "00:00:00")];

    private readonly TemporaryFolder _folder = new();
    private readonly FolderStore _store;

    public ClosedRunTests() => _store = new FolderStore(_folder.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_reader_uses_a_half_published_run_whose_staged_bytes_are_lost()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        string brokenOff = await HalfPublishAsync(sandbox);
        byte[] delayed = (await new RunJournal(_store, brokenOff).ReadCommitAsync(Cancellation)).ShouldNotBeNull().Manifest;
        Directory.Delete(_folder.File($"_state/staging/{brokenOff}"), recursive: true);

        Manifest next = await RunAsync(sandbox);

        next.Totals.Rows.Added.ShouldBe(New, "what the closed run had read is read again");
        Manifest closing = await ManifestAsync(brokenOff);
        (closing.Status, closing.Files.Count, next.Previous!.RunId).ShouldBe(("Failed", 0, brokenOff));
        closing.Abandoned!.Select(f => f.Path).ShouldBe(Manifest.FromJson(delayed).Files.Select(f => f.Path));
        await Should.ThrowAsync<StoreConflictException>(_store.CreateAsync(PathOf(brokenOff), delayed, Cancellation));
        await ShouldBeWholeAsync(brokenOff);
    }

    [Fact]
    public async Task A_half_published_run_whose_journal_is_lost_blocks_nothing()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        string brokenOff = await HalfPublishAsync(sandbox);
        Directory.Delete(_folder.File($"_state/journal/{brokenOff}"), recursive: true);

        Manifest next = await RunAsync(sandbox);

        next.Totals.Rows.Added.ShouldBe(New);
        (await ManifestAsync(brokenOff)).Status.ShouldBe("Failed");
        await ShouldShowEachMessageOnceAsync(brokenOff);
    }

    [Fact]
    public async Task A_forged_file_of_a_closed_run_is_found()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        string brokenOff = await HalfPublishAsync(sandbox);
        Directory.Delete(_folder.File($"_state/staging/{brokenOff}"), recursive: true);
        await RunAsync(sandbox);
        string[] abandoned = [.. (await ManifestAsync(brokenOff)).Abandoned!.Select(f => f.Path)];

        foreach (string name in new[] { abandoned[^1], abandoned[0].Replace("-00000.", "-00009.", StringComparison.Ordinal) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            await File.WriteAllTextAsync(_folder.File(name), "forged", Cancellation);
            CliResult verify = await CliProcess.RunAsync(_folder.Path, [], "verify", "--out", _folder.Path);
            (verify.ExitCode, verify.Output.Contains(Path.GetFileName(name), StringComparison.Ordinal)).ShouldBe((3, true), verify.Output);
            File.Delete(_folder.File(name));
        }
    }

    private static Task<SandboxServer> SandboxAsync() =>
        SandboxServer.StartAsync(new SandboxOptions { Conversations = 5, Messages = Messages }, cancellationToken: Cancellation);

    /// <returns>The run that revealed its first part, and died.</returns>
    private async Task<string> HalfPublishAsync(SandboxServer sandbox)
    {
        await RunAsync(sandbox);
        for (int i = 0; i < New; i++)
            sandbox.Listings.Moving(sandbox.Data.Conversations[1].Id).InsertNewest();
        var dying = new FailingStore(_store, failAt: 2, recovers: false) { Counts = nameof(IStore.RevealAsync) };
        await using var harness = new RunHarness(sandbox.BaseUrl, dying, settings: Whole);
        await Should.ThrowAsync<StoreException>(() => harness.RunAsync());
        return harness.Tracker.RunId.ShouldNotBeNull();
    }

    private async Task<Manifest> RunAsync(SandboxServer sandbox)
    {
        await using var harness = new RunHarness(sandbox.BaseUrl, _store, settings: Whole);
        Manifest manifest = await harness.RunAsync();
        manifest.Status.ShouldBe("Succeeded");
        harness.Tracker.IndexRebuilt.ShouldBeNull();
        return manifest;
    }

    private async Task<Manifest> ManifestAsync(string runId) =>
        Manifest.FromJson((await _store.ReadAsync(PathOf(runId), Cancellation)).ShouldNotBeNull().Content.Span);

    private static StorePath PathOf(string runId) => new(StoreArea.Data, Layout.Manifest(runId));

    private async Task ShouldBeWholeAsync(string closed)
    {
        CliResult verify = await CliProcess.RunAsync(_folder.Path, [], "verify", "--out", _folder.Path);
        verify.ExitCode.ShouldBe(0, verify.Output + verify.Error);
        (verify.Output + verify.Error).ShouldContain($"Run {closed} could not be published");
        await ShouldShowEachMessageOnceAsync(closed);
    }

    private async Task ShouldShowEachMessageOnceAsync(string closed)
    {
        CliResult views = await CliProcess.RunAsync(_folder.Path, [], "views", "--engine", "duckdb", "--out", _folder.Path);
        using var duck = new DuckDb();
        duck.Execute(views.Output);
        duck.Count("SELECT count(*) FROM messages").ShouldBe(Messages + New);
        duck.Count("SELECT count(*) FROM messages_current").ShouldBe(Messages + New);
        duck.Count($"SELECT count(*) FROM messages WHERE run_id = '{closed}'").ShouldBe(0);
        string visible = $"read_parquet('{_folder.Path}/messages/*/*.parquet')";
        duck.Count($"SELECT count(*) FROM {visible} WHERE run_id = '{closed}'").ShouldBe(New, "they are visible");
    }
}
