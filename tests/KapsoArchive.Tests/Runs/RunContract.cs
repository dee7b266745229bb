using System.Security.Cryptography;
using System.Text;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>What a run promises, whatever it writes to.</summary>
public abstract class RunContract : IDisposable
{
    private static readonly SandboxOptions Small = new() { Conversations = 12, Messages = 1_500 };

    private readonly TemporaryFolder _download = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_message_of_every_conversation_is_archived_once()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(Small, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store, new RunLimits { RowGroupRows = 200, PartBytes = 40_000, EntriesRows = 150 });

        Manifest manifest = await harness.RunAsync();

        manifest.Status.ShouldBe("Succeeded");
        manifest.Totals.Conversations.ShouldBe(new ConversationTotals(12, 0, 0, 0));
        manifest.Totals.Rows.ShouldBe(new RowTotals(1_500, 0, 0, 0));
        manifest.Totals.Requests.ShouldBe(sandbox.RequestCount);
        manifest.Files.Count(f => f.Dataset == "messages").ShouldBeGreaterThan(1, "the limits are low, so parts are rolled");
        string[] expected = [.. StrictRows.Of([.. Truth(sandbox).Select(r => Rows.Flatten(r.Record, r.Conversation))]).Select(Key).Order(StringComparer.Ordinal)];
        await DownloadAsync(store);
        using var duck = new DuckDb();
        duck.Rows($"SELECT conversation_id || ' ' || id || ' ' || coalesce(content, '') || ' ' || coalesce(extra, '') FROM read_parquet('{_download.Path}/messages/*/*.parquet')")
            .Select(r => (string)r[0]!).Order(StringComparer.Ordinal).ShouldBe(expected);
        duck.Rows($"SELECT line FROM read_csv('{_download.Path}/messages_jsonl/*/*.jsonl.gz', columns = {{'line': 'VARCHAR'}}, delim = '\\x01', quote = '', escape = '', header = false, hive_partitioning = false)")
            .Select(r => ((string)r[0]!)[..((string)r[0]!).LastIndexOf(",\"_archive\"", StringComparison.Ordinal)] + "}")
            .Order(StringComparer.Ordinal)
            .ShouldBe(Truth(sandbox).Select(r => Encoding.UTF8.GetString(RecordRepair.Repair(r.Record) ?? r.Record)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_manifest_describes_every_file_correctly()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(Small, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store, new RunLimits { RowGroupRows = 200, PartBytes = 40_000, EntriesRows = 150 });
        Manifest manifest = await harness.RunAsync();
        await DownloadAsync(store);
        using var duck = new DuckDb();

        (await NamesAsync(store)).ShouldBe([.. manifest.Files.Select(f => f.Path), $"_manifests/{manifest.RunId}.json"], ignoreOrder: true);
        foreach (ManifestFile file in manifest.Files)
        {
            byte[] bytes = await File.ReadAllBytesAsync(_download.File(file.Path), Cancellation);
            bytes.LongLength.ShouldBe(file.Bytes);
            Convert.ToHexStringLower(SHA256.HashData(bytes)).ShouldBe(file.Sha256);
            if (file.Format == "parquet")
                duck.Count($"SELECT count(*) FROM read_parquet('{_download.File(file.Path)}')").ShouldBe(file.Rows);
            if (file.Dataset == "messages")
            {
                object?[] times = duck.Rows($"SELECT epoch_us(min(created_at)), epoch_us(max(created_at)) FROM read_parquet('{_download.File(file.Path)}')").Single();
                Timestamp.ToMicros(file.MinCreatedAt!.Value).ShouldBe(times[0]);
                Timestamp.ToMicros(file.MaxCreatedAt!.Value).ShouldBe(times[1]);
            }
        }

        manifest.Files.Where(f => f.Dataset == "messages_jsonl").Sum(f => f.Rows).ShouldBe(1_500);
        duck.Rows($"SELECT outcome, sum(distinct_count), sum(reported_count) FROM read_parquet('{_download.Path}/conversations/*/*.parquet') GROUP BY ALL")
            .Single().Select(v => v!.ToString()).ShouldBe(["complete", "1500", "1500"]);
        byte[] json = (await store.ReadAsync(new StorePath(StoreArea.Data, $"_manifests/{manifest.RunId}.json"), Cancellation))!.Content.ToArray();
        LatestPointer latest = LatestPointer.FromJson((await store.ReadAsync(new StorePath(StoreArea.State, "latest.json"), Cancellation))!.Content.Span);
        latest.ShouldBe(new LatestPointer(manifest.RunId, $"_manifests/{manifest.RunId}.json", Convert.ToHexStringLower(SHA256.HashData(json)), manifest.FinishedAt));
        Manifest.FromJson(json).ToJson().ShouldBe(json);
    }

    [Fact]
    public async Task A_second_run_names_the_first_as_the_previous_run()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 60 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);
        Manifest first = await harness.RunAsync();

        Manifest second = await harness.RunAsync();

        first.Previous.ShouldBeNull();
        second.Previous.ShouldBe(new ManifestPrevious(first.RunId, Convert.ToHexStringLower(SHA256.HashData(first.ToJson()))));
    }

    [Fact]
    public async Task An_outdated_pointer_does_not_fork_the_chain()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 60 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);
        var latest = new StorePath(StoreArea.State, "latest.json");
        await harness.RunAsync();
        byte[] old = (await store.ReadAsync(latest, Cancellation))!.Content.ToArray();
        Manifest second = await harness.RunAsync();
        await store.ReplaceAsync(latest, old, (await store.ReadAsync(latest, Cancellation))!.ETag, Cancellation);

        Manifest third = await harness.RunAsync();
        await store.DeleteAsync(latest, Cancellation);
        Manifest fourth = await harness.RunAsync();

        third.Previous.ShouldNotBeNull().RunId.ShouldBe(second.RunId);
        fourth.Previous.ShouldNotBeNull().RunId.ShouldBe(third.RunId);
    }

    [Fact]
    public async Task A_damaged_pointer_is_reported_and_fails_no_night()
    {
        IStore store = await OpenAsync();
        await store.PrepareAsync(Cancellation);
        await store.CreateAsync(new StorePath(StoreArea.State, "latest.json"), "{\"run_id\":"u8.ToArray(), Cancellation);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(Small, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);

        Manifest night = await harness.RunAsync();
        Manifest next = await harness.RunAsync();

        night.Warnings!.ShouldHaveSingleItem().ShouldStartWith("latest.json of ");
        next.Warnings.ShouldBeNull();
        next.Previous!.RunId.ShouldBe(night.RunId);
    }

    [Fact]
    public async Task A_run_whose_store_fails_at_any_step_is_finished_by_the_next()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 4, Messages = 100 }, cancellationToken: Cancellation);
        int steps = 0;
        int every = Samples.Count(4, 1);
        for (int failAt = 1 + Random.Shared.Next(every); ; failAt += every)
        {
            IStore store = await OpenAsync();
            await store.PrepareAsync(Cancellation);
            var failing = new FailingStore(store, failAt, recovers: true);
            await using var harness = new RunHarness(sandbox.BaseUrl, failing);
            try
            {
                await harness.RunAsync();
                if (failing.Calls < failAt)
                    break; // It never failed: each step has had its turn.
            }
            catch (Exception e) when (e is StoreException or SettingException && e.Message.Contains("as the test wants it"))
            {
                steps++;
            }

            IReadOnlyList<string> visible = await NamesAsync(store);
            if (visible.Count > 0 && !visible.Any(n => n.StartsWith("_manifests/", StringComparison.Ordinal)))
                (await StateAsync(store)).ShouldContain(n => n.EndsWith("/commit.json", StringComparison.Ordinal), $"call {failAt}: what is visible without a manifest is being published");

            await using var next = new RunHarness(sandbox.BaseUrl, store);
            await next.RunAsync();
            await ShouldHoldTheTruthOnceAsync(store, sandbox, $"call {failAt}");
        }

        steps.ShouldBeGreaterThan(20 / every);
    }

    [Fact]
    public async Task A_half_published_run_is_reported_as_such()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 4, Messages = 100 }, cancellationToken: Cancellation);
        IStore store = await OpenAsync();
        var failing = new FailingStore(store, failAt: 2, recovers: false) { Counts = nameof(IStore.RevealAsync) };
        await using var harness = new RunHarness(sandbox.BaseUrl, failing);

        await Should.ThrowAsync<StoreException>(() => harness.RunAsync());

        (await NamesAsync(store)).Count.ShouldBe(1);
        harness.Tracker.Leftovers.ShouldNotBeNull().ShouldContain("next run");
    }

    [Fact]
    public async Task A_cancelled_run_leaves_nothing_visible()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(Small with { RateLimit = 5 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store, new RunLimits { RowGroupRows = 10 });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<Manifest> run = harness.RunAsync(cancel.Token);
        while (harness.Tracker.Requests < 4) // Its share of five; now it waits for the next minute.
            await Task.Delay(10, Cancellation);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => run);
        (await NamesAsync(store)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_key_ends_the_run_with_nothing_visible()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(Small, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store, key: "another-key");

        await Should.ThrowAsync<KeyRefusedException>(() => harness.RunAsync());

        sandbox.RequestCount.ShouldBe(1);
        (await NamesAsync(store)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_conversation_unknown_to_the_source_fails_and_the_rest_is_archived()
    {
        IStore store = await OpenAsync();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(Small, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);
        string known = sandbox.Data.Conversations[1].Id;
        string unknown = Guid.NewGuid().ToString();

        Manifest manifest = await harness.RunAsync(unknown, known);

        manifest.Status.ShouldBe("PartiallySucceeded");
        manifest.Incomplete.ShouldBe([new ManifestIncomplete(unknown, "failed", "not found", ReportedCount: null, DistinctCount: 0, Pages: 0, Sweeps: 1)]);
        manifest.Totals.Conversations.ShouldBe(new ConversationTotals(1, 0, 0, 1));
        manifest.Totals.Rows.Added.ShouldBe(sandbox.Data.Conversations[1].MessageCount);
    }

    protected abstract Task<IStore> OpenAsync();

    protected virtual void Dispose(bool disposing) => _download.Dispose();

    /// <summary>Without the Delta tables' logs, which follow from these.</summary>
    private static async Task<IReadOnlyList<string>> NamesAsync(IStore store) =>
        [.. await store.ListAsync(StoreArea.Data, "", Cancellation).Select(f => f.Path.Name).Where(n => !n.Contains("/_delta_log/")).ToListAsync(Cancellation)];

    private static async Task<IReadOnlyList<string>> StateAsync(IStore store) =>
        [.. await store.ListAsync(StoreArea.State, "", Cancellation).Select(f => f.Path.Name).ToListAsync(Cancellation)];

    private static async Task ShouldHoldTheTruthOnceAsync(IStore store, SandboxServer sandbox, string when)
    {
        List<string> named = [];
        Dictionary<string, int> rows = [];
        foreach (string name in (await NamesAsync(store)).Where(n => n.StartsWith("_manifests/", StringComparison.Ordinal)))
        {
            named.Add(name);
            Manifest manifest = Manifest.FromJson((await store.ReadAsync(new StorePath(StoreArea.Data, name), Cancellation))!.Content.Span);
            named.AddRange(manifest.Files.Select(f => f.Path));
            foreach (ManifestFile file in manifest.Files.Where(f => f.Dataset == "messages"))
            {
                await using Stream part = (await store.OpenReadAsync(new StorePath(StoreArea.Data, file.Path), Cancellation))!;
                await foreach (IReadOnlyList<MessageRow> batch in PartReader.ReadAsync(PartFormat.Parquet, part, Cancellation))
                {
                    foreach (MessageRow row in batch)
                        rows[$"{row.ConversationId} {row.Id}"] = rows.GetValueOrDefault($"{row.ConversationId} {row.Id}") + 1;
                }
            }
        }

        (await NamesAsync(store)).ShouldBe(named, ignoreOrder: true, when);
        rows.Keys.Order(StringComparer.Ordinal).ShouldBe(Truth(sandbox).Select(t => Rows.Flatten(t.Record, t.Conversation)).Select(r => $"{r.ConversationId} {r.Id}").Order(StringComparer.Ordinal), when);
        rows.Values.ShouldAllBe(count => count == 1, when);
        (await StateAsync(store)).ShouldNotContain(n => n.StartsWith("journal/", StringComparison.Ordinal), when);
    }

    private static string Key(MessageRow row) => $"{row.ConversationId} {row.Id} {row.Content} {row.Extra}";

    private static IEnumerable<(string Conversation, byte[] Record)> Truth(SandboxServer sandbox)
    {
        for (int c = 0; c < sandbox.Data.Conversations.Count; c++)
        {
            for (long m = 0; m < sandbox.Data.Conversations[c].MessageCount; m++)
                yield return (sandbox.Data.Conversations[c].Id, sandbox.Data.Record(c, m));
        }
    }

    private async Task DownloadAsync(IStore store)
    {
        foreach (string name in await NamesAsync(store))
        {
            string file = _download.File(name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using Stream source = (await store.OpenReadAsync(new StorePath(StoreArea.Data, name), Cancellation))!;
            await using FileStream target = File.Create(file);
            await source.CopyToAsync(target, Cancellation);
        }
    }
}
