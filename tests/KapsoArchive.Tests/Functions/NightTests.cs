using System.Net;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Lake;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Functions;

/// <summary>A night and an export from the trigger to the files, over the emulator.</summary>
public sealed class NightTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    [Fact]
    public async Task A_night_started_by_the_timer_archives_the_whole_source()
    {
        StandInHost host = await StartAsync();

        string id = await BeginNightAsync(host);

        (await EndNightAsync(host, id)).ShouldBe("Succeeded", Words(host));
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(Sandbox, new Dictionary<string, MovingListing>()));
        Manifest manifest = (await PresentState.ManifestsAsync(Store)).ShouldHaveSingleItem();
        (manifest.RunId, manifest.Trigger, manifest.Totals.Rows.Added).ShouldBe((id, "timer", 6_000));
    }

    [Fact]
    public async Task An_export_is_posted_queued_carried_out_and_downloaded()
    {
        StandInHost host = await StartAsync();
        var caller = new ExportCaller(Http(host));

        (HttpStatusCode accepted, JsonNode body, Uri? location) = await caller.CreateAsync(new { conversations = "all", formats = (string[])["parquet", "jsonl", "csv"] });
        accepted.ShouldBe(HttpStatusCode.Accepted);
        location!.ToString().ShouldBe($"/api/exports/{body["id"]}");
        JsonNode ended = await EndAsync(host, location.ToString());

        ((string)ended["status"]!, (long)ended["progress"]!["messages"]!, (long)ended["progress"]!["conversations"]!["done"]!).ShouldBe(("Succeeded", 6_000, 30), Words(host));
        string folder = Folder.File("download");
        await caller.DownloadAsync(ended, folder);
        using var duck = new DuckDb();
        string[] parquet = [.. duck.Rows($"SELECT conversation_id || ' ' || id FROM read_parquet('{folder}/messages/*.parquet')").Select(r => (string)r[0]!)];
        parquet.ShouldBe(PresentState.Truth(Sandbox, new Dictionary<string, MovingListing>()).Keys, ignoreOrder: true);
        duck.Rows($"SELECT conversation_id || ' ' || id FROM read_csv('{folder}/messages_csv/*.csv', header = true, all_varchar = true, quote = '\"', escape = '\"')")
            .Select(r => (string)r[0]!).ShouldBe(parquet, ignoreOrder: true);
        duck.Count($"SELECT count(*) FROM read_csv('{folder}/messages_jsonl/*.jsonl.gz', columns = {{'line': 'VARCHAR'}}, delim = '\\x01', quote = '', escape = '', header = false)").ShouldBe(6_000);
    }
}
