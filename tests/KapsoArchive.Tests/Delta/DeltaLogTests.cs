using System.Text.Json.Nodes;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Inspection.Verification;
using KapsoArchive.Tests.Media;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Delta;

/// <summary>What the logs of the Delta tables say.</summary>
public sealed class DeltaLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FolderStore Store => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_manifest_has_one_commit_with_its_parts_also_a_run_without_rows()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 100 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, new RunLimits { PartRows = 40, RowGroupRows = 20 });
        List<Manifest> runs = [await harness.RunAsync(), await harness.RunAsync()];
        sandbox.Listings.Moving(sandbox.Data.Conversations[0].Id).InsertNewest();
        runs.Add(await harness.RunAsync());

        foreach (string table in LogFiles.Tables)
        {
            LogFiles log = new(_folder.Path, table);
            log.Names.Count.ShouldBe(3);
            for (int version = 0; version < runs.Count; version++)
            {
                IReadOnlyList<KeyValuePair<string, JsonNode>> actions = log.Read(version);
                long finished = runs[version].FinishedAt.ToUnixTimeMilliseconds();
                JsonNode info = actions.Single(a => a.Key == "commitInfo").Value;
                ((long)info["timestamp"]!, (string)info["userMetadata"]!).ShouldBe((finished, runs[version].RunId));
                JsonNode txn = actions.Single(a => a.Key == "txn").Value;
                ((string)txn["appId"]!, (long)txn["version"]!, (long)txn["lastUpdated"]!).ShouldBe(("kapso-archive", version, finished));
                ManifestFile[] parts = [.. runs[version].Files.Where(f => f.Dataset == table)];
                actions.Where(a => a.Key == "add").Select(a => a.Value).Select(add => (
                        $"{table}/{add["path"]}", (long)add["size"]!, (long)JsonNode.Parse((string)add["stats"]!)!["numRecords"]!, (bool)add["dataChange"]!, (long)add["modificationTime"]!))
                    .ShouldBe(parts.Select(p => (p.Path, p.Bytes, p.Rows, true, finished)), ignoreOrder: true);
                actions.Count(a => a.Key is "protocol" or "metaData").ShouldBe(version == 0 ? 2 : 0);
                actions.ShouldAllBe(a => a.Key == "commitInfo" || a.Key == "protocol" || a.Key == "metaData" || a.Key == "txn" || a.Key == "add");
            }
        }

        runs[0].Files.Count(f => f.Dataset == "messages").ShouldBeGreaterThan(2);
        runs[1].Files.Count(f => f.Dataset == "messages").ShouldBe(0, "the run without rows");
        runs.ShouldAllBe(r => r.Files.All(f => f.Dataset != "media"), "no run has fetched files");
    }

    [Fact]
    public async Task The_table_is_open_to_the_oldest_reader()
    {
        await MovedArchive.OfThreeRunsAsync(Store);

        Dictionary<string, JsonNode> first = new LogFiles(_folder.Path, "messages").Read(0).Where(a => a.Key != "add").ToDictionary();
        ((int)first["protocol"]["minReaderVersion"]!, (int)first["protocol"]["minWriterVersion"]!).ShouldBe((1, 2));
        JsonNode table = first["metaData"];
        (table["partitionColumns"]!.AsArray().Count, table["configuration"]!.AsObject().Count, (string)table["format"]!["provider"]!).ShouldBe((0, 0, "parquet"));
        Guid.TryParse((string)table["id"]!, out _).ShouldBeTrue();
        JsonNode[] columns = [.. JsonNode.Parse((string)table["schemaString"]!)!["fields"]!.AsArray()!];
        columns.Select(c => (string)c["name"]!).ShouldBe(Datasets.Messages.Columns.Select(c => c.Name));
        columns.Single(c => (string)c["name"]! == "position")["nullable"]!.GetValue<bool>().ShouldBeTrue("older parts lack it");
        columns.Where(c => !(bool)c["nullable"]!).Select(c => (string)c["name"]!).ShouldBe(["conversation_id", "id", "change", "archived_at", "run_id"]);
        columns.Where(c => (string)c["type"]! == "timestamp").Select(c => (string)c["name"]!).ShouldBe(["created_at", "updated_at", "archived_at"]);
    }

    [Fact]
    public async Task The_log_tells_bounds_that_hold_and_nothing_about_a_person()
    {
        await using FileWorld world = await FileWorld.StartAsync();
        await world.NightAsync();
        using var duck = new DuckDb();

        string[] said = [.. LogFiles.Tables.SelectMany(t => new LogFiles(world.Path, t).Commits.Select(c => File.ReadAllText(Path.Combine(world.Path, t, "_delta_log", c))))];
        foreach (string column in (string[])["id", "whatsapp_message_id", "phone_number", "content", "media_url"])
        {
            foreach (object?[] value in duck.Rows($"SELECT DISTINCT {column} FROM read_parquet('{world.Path}/messages/snapshot_date=*/*.parquet') WHERE length({column}) > 5"))
                said.ShouldAllBe(text => !text.Contains((string)value[0]!, StringComparison.Ordinal), column);
        }

        foreach (string table in LogFiles.Tables)
        {
            foreach (JsonNode add in new LogFiles(world.Path, table).Read(0).Where(a => a.Key == "add").Select(a => a.Value))
            {
                JsonNode stats = JsonNode.Parse((string)add["stats"]!)!;
                ((bool)stats["tightBounds"]!).ShouldBeFalse();
                string[] allowed = table == "messages" ? ["archived_at", "conversation_id", "created_at", "run_id", "updated_at"] : ["archived_at", "conversation_id", "run_id"];
                stats["minValues"]!.AsObject().Select(m => m.Key).ShouldBe(allowed);
                stats["maxValues"]!.AsObject().Select(m => m.Key).ShouldBe(allowed);
                foreach (string column in allowed)
                {
                    string typed = column.EndsWith("_at", StringComparison.Ordinal) ? "TIMESTAMPTZ" : "VARCHAR";
                    duck.Count(
                        $"SELECT count(*) FROM read_parquet('{world.Path}/{table}/{add["path"]}') WHERE {column} < $1::{typed} OR {column} > $2::{typed}",
                        (string)stats["minValues"]![column]!, (string)stats["maxValues"]![column]!).ShouldBe(0, $"{table}.{column}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1000, 2000, "1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00.002Z")]
    [InlineData(1001, 2001, "1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00.003Z")]
    [InlineData(-1001, -999, "1969-12-31T23:59:59.998Z", "1970-01-01T00:00:00.000Z")]
    [InlineData(-62_135_596_800_000_000, 253_402_300_799_999_999, "0001-01-01T00:00:00.000Z", null)]
    public void Bounds_of_times_are_whole_milliseconds_around_the_values(long least, long most, string from, string? to)
    {
        var bounds = new Core.Delta.DeltaBounds();
        bounds.Add("created_at", least, most);

        JsonNode stats = JsonNode.Parse(bounds.ToStatistics(1))!;

        ((string?)stats["minValues"]!["created_at"], (string?)stats["maxValues"]!["created_at"]).ShouldBe((from, to));
    }

    [Fact]
    public async Task A_lake_of_lines_only_has_an_empty_table_of_messages()
    {
        await using MovedArchive archive = await MovedArchive.BeginAsync(Store, new SandboxOptions { Conversations = 2, Messages = 60 }, PartFormat.Jsonl);
        await archive.RunAsync(full: false);

        new LogFiles(_folder.Path, "messages").Read(0).ShouldNotContain(a => a.Key == "add");
        new LogFiles(_folder.Path, "conversations").Read(0).ShouldContain(a => a.Key == "add");
        (await VerificationContract.VerifyAsync(Store)).Findings.ShouldBeEmpty();
    }

    /// <summary>A commit whose file is gone is written again, and says the same to the byte.</summary>
    [Fact]
    public async Task A_log_that_lost_files_is_completed_by_the_next_run()
    {
        await using MovedArchive archive = await MovedArchive.BeginAsync(Store, new SandboxOptions { Conversations = 3, Messages = 40 });
        for (int run = 0; run < 4; run++)
        {
            await archive.RunAsync(full: false);
            archive.Listing(run % 3).InsertNewest();
        }

        LogFiles log = new(_folder.Path, "messages");
        Dictionary<string, byte[]> written = log.Names.ToDictionary(n => n, n => File.ReadAllBytes(Path.Combine(log.Folder, n)));
        foreach (int[] lost in (int[][])[[1], [0, 3], [2, 3], [0, 1, 2, 3]])
        {
            foreach (int version in lost)
                File.Delete(log.CommitOf(version));
            (await VerificationContract.VerifyAsync(Store)).Findings.ShouldNotBeEmpty();

            await archive.RunAsync(full: false);

            foreach ((string name, byte[] bytes) in written)
                (await File.ReadAllBytesAsync(Path.Combine(log.Folder, name), Cancellation)).ShouldBe(bytes, name);
            (await VerificationContract.VerifyAsync(Store)).Findings.ShouldBeEmpty(string.Join(", ", lost));
        }
    }

    /// <summary>A run that believed it would write its own commit, and those of others, in the wrong place for ever.</summary>
    [Fact]
    public async Task A_commit_in_the_place_of_another_is_not_believed()
    {
        await using MovedArchive archive = await MovedArchive.BeginAsync(Store, new SandboxOptions { Conversations = 3, Messages = 90 });
        for (int run = 0; run < 3; run++)
            await archive.RunAsync(full: false);
        LogFiles log = new(_folder.Path, "conversations");
        byte[] sound = await File.ReadAllBytesAsync(log.CommitOf(2), Cancellation);
        string foreign = System.Text.Encoding.UTF8.GetString(sound).Replace((string)log.Read(2)[0].Value["userMetadata"]!, "20990101T000000Z-00000000", StringComparison.Ordinal);
        foreach (byte[] other in (byte[][])[await File.ReadAllBytesAsync(log.CommitOf(1), Cancellation), System.Text.Encoding.UTF8.GetBytes(foreign)])
        {
            for (int version = log.Commits.Count - 1; version > 2; version--)
                File.Delete(log.CommitOf(version)); // So that it is the last.
            await File.WriteAllBytesAsync(log.CommitOf(2), other, Cancellation);
            await archive.RunAsync(full: false);
            log.Commits.Count.ShouldBe(3);

            await File.WriteAllBytesAsync(log.CommitOf(2), sound, Cancellation);
            await archive.RunAsync(full: false);
            (await VerificationContract.VerifyAsync(Store)).Findings.ShouldBeEmpty();
        }
    }

    /// <summary>A run is not refused because a log is damaged: its rows are in the archive, and it says that the table lacks them.</summary>
    [Fact]
    public async Task A_damaged_log_stops_no_run_and_is_told()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 60 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        await harness.RunAsync();
        LogFiles log = new(_folder.Path, "messages");
        byte[] sound = await File.ReadAllBytesAsync(log.CommitOf(0), Cancellation);
        await File.WriteAllTextAsync(log.CommitOf(0), "nothing", Cancellation);
        sandbox.Listings.Moving(sandbox.Data.Conversations[0].Id).InsertNewest();

        (await harness.RunAsync()).Status.ShouldBe("Succeeded");

        harness.Tracker.TableRemark.ShouldNotBeNull().ShouldContain("The Delta table messages does not get newer runs: messages/_delta_log/00000000000000000000.json");
        new LogFiles(_folder.Path, "conversations").Commits.Count.ShouldBe(2, "the other table goes on");
        await File.WriteAllBytesAsync(log.CommitOf(0), sound, Cancellation);
        await harness.RunAsync();
        (harness.Tracker.TableRemark, log.Commits.Count).ShouldBe((null, 3));
        (await VerificationContract.VerifyAsync(Store)).Findings.ShouldBeEmpty();
    }
}
