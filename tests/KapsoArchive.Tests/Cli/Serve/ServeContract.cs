using System.Net;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>The server from outside, over HTTP, with everything real: its process, the sandbox, the store and the queue.</summary>
public abstract class ServeContract : IAsyncLifetime
{
    private static readonly SandboxOptions World = new() { Conversations = 30, Messages = 6_000 };

    private readonly TemporaryFolder _folder = new();
    private SandboxServer? _sandbox;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TemporaryFolder Folder => _folder;

    protected IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private SandboxServer Sandbox => _sandbox!;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        Settings["Kapso__ApiKey"] = World.ApiKey;
        Settings["Kapso__BaseUrl"] = Sandbox.BaseUrl.ToString();
        await SetStoreAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Sandbox.DisposeAsync();
        await EndStoreAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_export_is_polled_listed_and_downloaded_with_equal_rows_everywhere()
    {
        await using ServeProcess server = await StartAsync();
        var caller = new ExportCaller(server.Http);

        (HttpStatusCode accepted, JsonNode body, Uri? location) = await caller.CreateAsync(new { conversations = "all", formats = (string[])["parquet", "jsonl", "csv"] });
        accepted.ShouldBe(HttpStatusCode.Accepted);
        string id = (string)body["id"]!;
        location!.ToString().ShouldBe($"/api/exports/{id}");
        JsonNode ended = await caller.EndAsync(id);
        ((string)ended["status"]!, (long)ended["progress"]!["messages"]!, (long)ended["progress"]!["conversations"]!["done"]!).ShouldBe(("Succeeded", 6_000, 30));
        (await caller.GetAsync("/api/exports"))["items"]!.AsArray().Select(e => (string)e!["id"]!).ShouldBe([id]);

        string folder = _folder.File("download");
        await caller.DownloadAsync(ended, folder);
        using var duck = new DuckDb();
        string[] parquet = [.. duck.Rows($"SELECT conversation_id || ' ' || id FROM read_parquet('{folder}/messages/*.parquet')").Select(r => (string)r[0]!)];
        parquet.Length.ShouldBe(6_000);
        List<string> arrow = [];
        foreach (string file in Directory.GetFiles(folder + "/messages").Order(StringComparer.Ordinal))
            arrow.AddRange((await ArrowReader.ReadAsync(file, Cancellation)).Select(r => $"{r[0]} {r[1]}"));
        arrow.ShouldBe(parquet, ignoreOrder: true);
        List<string[]> csv = Rfc4180.Read((await File.ReadAllTextAsync(Directory.GetFiles(folder + "/messages_csv").Single(), Cancellation)).TrimStart('\uFEFF'));
        csv[0][..2].ShouldBe(["conversation_id", "id"]);
        csv.Skip(1).Select(r => $"{r[0]} {r[1]}").ShouldBe(parquet, ignoreOrder: true);
        duck.Rows($"SELECT conversation_id || ' ' || id FROM read_csv('{folder}/messages_csv/*.csv', header = true, all_varchar = true, quote = '\"', escape = '\"')")
            .Select(r => (string)r[0]!).ShouldBe(parquet, ignoreOrder: true);
    }

    [Fact]
    public async Task The_nightly_run_starts_again_as_soon_as_the_one_before_has_ended()
    {
        Settings["Archive__Conversations"] = "all";
        await using ServeProcess server = await StartAsync();
        var caller = new ExportCaller(server.Http);

        for (int night = 0; night < 5; night++)
        {
            using HttpResponseMessage accepted = await server.Http.PostAsync("/api/runs", content: null, Cancellation);
            accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted, $"night {night}: {await accepted.Content.ReadAsStringAsync(Cancellation)}");
            string address = accepted.Headers.Location!.ToString();
            while ((string)(await caller.GetAsync(address))["status"]! is "NotStarted" or "Running")
                await Task.Delay(50, Cancellation);
        }
    }

    [Fact]
    public async Task A_repeated_request_finds_its_export_and_a_different_one_is_refused()
    {
        await using ServeProcess server = await StartAsync();
        var caller = new ExportCaller(server.Http);
        string[] ids = [.. Sandbox.Data.Conversations.Take(2).Select(c => c.Id)];

        string id = (string)(await caller.CreateAsync(new { conversations = ids }, "order-1")).Body["id"]!;
        (await caller.CreateAsync(new { conversations = ids }, "order-1")).ShouldSatisfyAllConditions(
            again => again.Status.ShouldBe(HttpStatusCode.Accepted),
            again => ((string)again.Body["id"]!).ShouldBe(id));
        (HttpStatusCode refused, JsonNode problem, _) = await caller.CreateAsync(new { conversations = ids[..1] }, "order-1");

        refused.ShouldBe(HttpStatusCode.Conflict);
        ((string)problem["detail"]!).ShouldContain(id);
        ((string)(await caller.EndAsync(id))["status"]!).ShouldBe("Succeeded");
        (await caller.GetAsync("/api/exports"))["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_cancelled_export_ends_and_leaves_nothing()
    {
        Sandbox.Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.3, MaxConsecutive = int.MaxValue };
        await using ServeProcess server = await StartAsync();
        var caller = new ExportCaller(server.Http);
        string id = (string)(await caller.CreateAsync(new { conversations = "all" })).Body["id"]!;
        await caller.UntilAsync(id, status => (long)status["progress"]!["conversations"]!["done"]! > 0);

        (await caller.CancelAsync(id)).ShouldBe(HttpStatusCode.Accepted);
        JsonNode ended = await caller.EndAsync(id);

        ((string)ended["status"]!, ended["result"]).ShouldBe(("Canceled", null));
        (await caller.CancelAsync(id)).ShouldBe(HttpStatusCode.Conflict);
        IStore store = await OpenAsync();
        (await store.ListAsync(StoreArea.Exports, "", Cancellation).CountAsync(Cancellation)).ShouldBe(0);
        while (await store.ListAsync(StoreArea.State, "export-journal/", Cancellation).CountAsync(Cancellation) > 0)
            await Task.Delay(20, Cancellation); // It is told first and cleared away then.
    }

    [Fact]
    public async Task A_killed_and_restarted_server_completes_the_export()
    {
        Sandbox.Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.2, MaxConsecutive = int.MaxValue };
        Settings["Kapso__MaxConcurrency"] = "2";
        Settings["Archive__SliceDuration"] = "00:00:01"; // So that there is something to go on from.
        string id;
        await using (ServeProcess server = await StartAsync())
        {
            var caller = new ExportCaller(server.Http);
            id = (string)(await caller.CreateAsync(new { conversations = "all" })).Body["id"]!;
            await caller.UntilAsync(id, status => (long)status["progress"]!["conversations"]!["done"]! >= 8);
            await server.KillAsync();
        }

        (await (await OpenAsync()).ListAsync(StoreArea.Exports, "", Cancellation).CountAsync(Cancellation)).ShouldBe(0, "a part of an export is none");
        Sandbox.Faults = SandboxFaults.None;
        await using ServeProcess next = await StartAsync();
        JsonNode ended = await new ExportCaller(next.Http).EndAsync(id);

        ((string)ended["status"]!, (long)ended["progress"]!["messages"]!).ShouldBe(("Succeeded", 6_000));
        await new ExportCaller(next.Http).DownloadAsync(ended, _folder.File("download"));
        using var duck = new DuckDb();
        duck.Count($"SELECT count(DISTINCT (conversation_id, id)) FROM read_parquet('{_folder.File("download")}/messages/*.parquet')").ShouldBe(6_000);
        duck.Count($"SELECT count(*) FROM read_parquet('{_folder.File("download")}/messages/*.parquet')").ShouldBe(6_000);
    }

    [Fact]
    public async Task A_stopped_server_saves_its_progress_and_the_next_continues_from_there()
    {
        Sandbox.Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.2, MaxConsecutive = int.MaxValue };
        Settings["Kapso__MaxConcurrency"] = "2";
        string id;
        await using (ServeProcess server = await StartAsync())
        {
            var caller = new ExportCaller(server.Http);
            id = (string)(await caller.CreateAsync(new { conversations = "all" })).Body["id"]!;
            await caller.UntilAsync(id, status => (long)status["progress"]!["conversations"]!["done"]! >= 8);
            (await server.TerminateAsync()).ShouldBe(0, server.Log);
            server.Log.ShouldContain("continues later");
        }

        long before = Sandbox.RequestCount;
        Sandbox.Faults = SandboxFaults.None;
        await using ServeProcess next = await StartAsync();
        JsonNode ended = await new ExportCaller(next.Http).EndAsync(id);

        ((string)ended["status"]!, (long)ended["progress"]!["messages"]!).ShouldBe(("Succeeded", 6_000));
        long all = (long)ended["progress"]!["requests"]!;
        (Sandbox.RequestCount - before).ShouldBeLessThan(all, "what was read is not read again");
    }

    [Fact]
    public async Task Fifty_exports_at_once_all_succeed()
    {
        await using ServeProcess server = await StartAsync();
        var caller = new ExportCaller(server.Http);
        (string Id, long Messages)[] wanted = [.. Enumerable.Range(0, 50).Select(i => Sandbox.Data.Conversations[i % 30]).Select(c => (c.Id, c.MessageCount))];

        JsonNode[] accepted = [.. (await Task.WhenAll(wanted.Select(w => caller.CreateAsync(new { conversations = (string[])[w.Id], formats = (string[])["parquet"] })))).Select(a => a.Body)];

        for (int i = 0; i < wanted.Length; i++)
        {
            JsonNode ended = await caller.EndAsync((string)accepted[i]["id"]!);
            ((string)ended["status"]!, (long)ended["progress"]!["messages"]!).ShouldBe(("Succeeded", wanted[i].Messages));
        }

        accepted.Select(a => (string)a["id"]!).Distinct().Count().ShouldBe(50);
        server.Log.ShouldNotContain("fail:");
    }

    [Fact]
    public async Task The_nightly_run_starts_on_request_and_its_snapshot_can_be_read()
    {
        Settings["Archive__Conversations"] = "all";
        await using ServeProcess server = await StartAsync();
        var caller = new ExportCaller(server.Http);

        using HttpResponseMessage started = await server.Http.PostAsync(new Uri("/api/runs", UriKind.Relative), null, Cancellation);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        JsonNode run = await caller.GetAsync(started.Headers.Location!.ToString());
        for (; (string)run["status"]! is "NotStarted" or "Running"; run = await caller.GetAsync(started.Headers.Location.ToString()))
            await Task.Delay(50, Cancellation);

        ((string)run["status"]!).ShouldBe("Succeeded");
        JsonNode snapshot = await caller.GetAsync("/api/snapshots/latest");
        ((string)snapshot["run_id"]!, (long)snapshot["totals"]!["rows"]!["added"]!, (string)snapshot["trigger"]!).ShouldBe(((string)run["id"]!, 6_000, "http"));
    }

    internal abstract Task<IStore> OpenAsync();

    protected abstract Task SetStoreAsync();

    protected virtual ValueTask EndStoreAsync() => ValueTask.CompletedTask;

    private Task<ServeProcess> StartAsync() => ServeProcess.StartAsync(_folder.Path, Settings);
}
