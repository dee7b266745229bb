using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>What an export promises, whatever it writes to.</summary>
public abstract class ExportContract : IDisposable
{
    private static readonly PartFormat[] AllFormats = [PartFormat.Parquet, PartFormat.Jsonl, PartFormat.Csv];

    private static readonly SandboxOptions World = new() { Conversations = 12, Messages = 4_000 };

    private readonly TemporaryFolder _download = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_export_is_a_separate_folder_with_the_same_rows_in_every_format()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);

        Manifest manifest = await harness.ExportAsync(TimeRange.All, AllFormats, Cancellation);

        (manifest.Kind, manifest.Status).ShouldBe(("export", "Succeeded"));
        manifest.Totals.Rows.Added.ShouldBe(4_000);
        IReadOnlyList<string> files = await DownloadAsync(store);
        files.ShouldBe([.. manifest.Files.Select(f => $"{manifest.RunId}/{f.Path}"), $"{manifest.RunId}/manifest.json", $"{manifest.RunId}/SHA256SUMS"], ignoreOrder: true);
        using var duck = new DuckDb();
        string folder = _download.File(manifest.RunId);
        string[] parquet = [.. duck.Rows($"SELECT conversation_id || ' ' || id FROM read_parquet('{folder}/messages/*.parquet')").Select(r => (string)r[0]!).Order(StringComparer.Ordinal)];
        parquet.Length.ShouldBe(4_000);
        duck.Rows($"SELECT conversation_id || ' ' || id FROM read_csv('{folder}/messages_csv/*.csv', header = true, all_varchar = true, quote = '\"', escape = '\"')")
            .Select(r => (string)r[0]!).Order(StringComparer.Ordinal).ShouldBe(parquet);
        Rfc4180.Read(await File.ReadAllTextAsync(Directory.GetFiles(folder + "/messages_csv").Single(), Cancellation)).Count.ShouldBe(4_001);
        duck.Count($"SELECT count(*) FROM read_csv('{folder}/messages_jsonl/*.jsonl.gz', columns = {{'line': 'VARCHAR'}}, delim = '\\x01', quote = '', escape = '', header = false)").ShouldBe(4_000);
        (await store.ListAsync(StoreArea.Data, "", Cancellation).CountAsync(Cancellation)).ShouldBe(0, "the archive is as it was");
        (await StateAsync(store)).ShouldBe([$"exports/{manifest.RunId}.json"]);
        (await new ProgressDocuments(store, RunKind.Export).ReadAsync(manifest.RunId, Cancellation))!.Status.ShouldBe(RunStatus.Succeeded);
    }

    [Fact]
    public async Task An_export_can_be_verified_and_a_missing_file_is_found()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);
        Manifest manifest = await harness.ExportAsync(TimeRange.All, AllFormats, Cancellation);
        var verification = new ExportVerification(store, TimeProvider.System);

        (string id, VerificationReport sound) = await verification.VerifyAsync(manifest.RunId[..10], new VerificationTracker(), Cancellation);
        await store.DeleteAsync(new StorePath(StoreArea.Exports, $"{manifest.RunId}/{manifest.Files[0].Path}"), Cancellation);
        (_, VerificationReport damaged) = await verification.VerifyAsync(manifest.RunId, new VerificationTracker(), Cancellation);

        id.ShouldBe(manifest.RunId);
        sound.Sound.ShouldBeTrue();
        sound.Checked.Files.ShouldBe(manifest.Files.Count);
        damaged.Findings.ShouldHaveSingleItem().Path.ShouldBe(manifest.Files[0].Path);
        await Should.ThrowAsync<SettingException>(() => verification.VerifyAsync("1999", new VerificationTracker(), Cancellation));
    }

    [Fact]
    public async Task An_export_has_its_time_range_and_reads_no_more_than_needed()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        SandboxConversation large = sandbox.Data.Conversations.MaxBy(c => c.MessageCount)!;
        int index = sandbox.Data.Conversations.ToList().IndexOf(large);
        long[] times = [.. Enumerable.Range(0, (int)large.MessageCount).Select(m => Rows.Flatten(sandbox.Data.Record(index, m)).CreatedAt!.Value).OrderDescending()];
        times.Length.ShouldBeGreaterThan(500);
        var range = new TimeRange(Timestamp.FromMicros(times[149]), Timestamp.FromMicros(times[19]));
        await using var harness = new RunHarness(sandbox.BaseUrl, store);

        Manifest manifest = await harness.ExportAsync(range, [PartFormat.Parquet], Cancellation, large.Id);

        manifest.Totals.Rows.Added.ShouldBe(times.Count(t => t >= times[149] && t < times[19]));
        manifest.Totals.Requests.ShouldBe(2, "the first 199 messages reach past its beginning");
        (manifest.Request.From, manifest.Request.To).ShouldBe((range.From, range.To));
        await DownloadAsync(store);
        using var duck = new DuckDb();
        duck.Rows($"SELECT epoch_us(min(created_at)), epoch_us(max(created_at)) FROM read_parquet('{_download.File(manifest.RunId)}/messages/*.parquet')").Single()
            .ShouldBe([times[149], times[20]]);
    }

    [Fact]
    public async Task An_export_that_cannot_finish_leaves_nothing()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        sandbox.Listings.Moving(sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(9).Id).After(0, _ => cancel.Cancel());
        await using var harness = new RunHarness(sandbox.BaseUrl, store);

        await Should.ThrowAsync<OperationCanceledException>(() => harness.ExportAsync(TimeRange.All, AllFormats, cancel.Token));

        (await store.ListAsync(StoreArea.Exports, "", Cancellation).CountAsync(Cancellation)).ShouldBe(0);
        (await StateAsync(store)).ShouldBe([$"exports/{harness.Tracker.RunId}.json"]);
        (await new ProgressDocuments(store, RunKind.Export).ReadAsync(harness.Tracker.RunId!, Cancellation))!.Status.ShouldBe(RunStatus.Canceled);
    }

    [Fact]
    public async Task An_export_and_an_archive_run_do_not_affect_each_other()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        await using var archiving = new RunHarness(sandbox.BaseUrl, store);

        Task<Manifest> archive = archiving.RunAsync();
        Task<Manifest>[] exports = [.. sandbox.Data.Conversations.Take(5).Select(c => ExportAsync(c.Id))];

        (await archive).Totals.Rows.Added.ShouldBe(4_000);
        (await Task.WhenAll(exports)).Select(m => m.Totals.Rows.Added).ShouldBe(sandbox.Data.Conversations.Take(5).Select(c => c.MessageCount));
        (await PresentState.ArchivedAsync(store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));

        async Task<Manifest> ExportAsync(string conversation)
        {
            await using var exporting = new RunHarness(sandbox.BaseUrl, store);
            return await exporting.ExportAsync(TimeRange.All, [PartFormat.Parquet], Cancellation, conversation);
        }
    }

    protected abstract Task<IStore> OpenAsync();

    protected virtual void Dispose(bool disposing) => _download.Dispose();

    private static async Task<IReadOnlyList<string>> StateAsync(IStore store) =>
        [.. await store.ListAsync(StoreArea.State, "", Cancellation).Select(f => f.Path.Name).ToListAsync(Cancellation)];

    private async Task<IReadOnlyList<string>> DownloadAsync(IStore store)
    {
        List<string> names = [];
        await foreach (StoredFile file in store.ListAsync(StoreArea.Exports, "", Cancellation))
        {
            names.Add(file.Path.Name);
            string target = _download.File(file.Path.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using Stream source = (await store.OpenReadAsync(file.Path, Cancellation))!;
            await using FileStream copy = File.Create(target);
            await source.CopyToAsync(copy, Cancellation);
        }

        return names;
    }
}
