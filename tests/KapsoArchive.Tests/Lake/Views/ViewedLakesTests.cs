using System.Text.Json.Nodes;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;
using KapsoArchive.Tests.Upgrades;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>What the views for DuckDB show of lakes of every age, and of files that no manifest names.</summary>
public sealed class ViewedLakesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Lake => _folder.File("lake");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FixtureArchive.AtRest, 3)]
    [InlineData(FixtureArchive.HalfFinished, 3)]
    [InlineData(FixtureArchive.HalfPublished, 3)]
    [InlineData(FixtureArchive.HalfCommitted, 4)]
    public async Task A_lake_of_an_older_program_shows_its_committed_runs(string fixture, int runs)
    {
        await using FixtureArchive archive = await FixtureArchive.OpenAsync(fixture);
        using ViewReader reader = await ViewReader.OpenAsync(archive.Folder);

        reader.FindFaults().ShouldBeEmpty();
        reader.Duck.Count("SELECT count(*) FROM committed_runs").ShouldBe(runs);
        reader.Duck.Count("SELECT count(position) FROM messages").ShouldBe(0);

        await archive.RunAsync(archive.World.LongestFirst[0]);

        reader.FindFaults().ShouldBeEmpty("with a run of today's program");
        reader.Duck.Count("SELECT count(*) FROM committed_runs").ShouldBeGreaterThan(runs);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("notes.txt")]
    [InlineData("snapshot_date=2026-10-01/20261001T020000Z-0000abcd-00000.parquet")]
    public async Task A_lake_without_messages_has_every_view(string? stray)
    {
        if (stray is not null)
        {
            string file = Path.Combine(Lake, "messages", stray);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, await Rows.PartAsync(PartFormat.Parquet, [[]], Cancellation), Cancellation);
        }

        await RunAsync(messages: 0);
        using ViewReader reader = await ViewReader.OpenAsync(Lake);

        reader.FindFaults().ShouldBeEmpty();
        reader.Duck.Count("SELECT count(*) FROM messages_current").ShouldBe(0);
        reader.Duck.Count("SELECT count(*) FROM conversations_current").ShouldBe(2);
        reader.Duck.Count("SELECT count(*) FROM committed_files WHERE dataset = 'messages'").ShouldBe(1, "a part without rows, from which engines know the columns");
    }

    [Fact]
    public async Task A_lake_that_began_as_JSONL_shows_the_runs_with_Parquet()
    {
        await RunAsync(messages: 60, [PartFormat.Jsonl]);
        await RunAsync(messages: 60, [PartFormat.Parquet]);
        using ViewReader reader = await ViewReader.OpenAsync(Lake);

        reader.Duck.Count("SELECT count(*) FROM messages_current").ShouldBe(0);
        reader.Duck.Count("SELECT count(*) FROM committed_runs").ShouldBe(2);
        reader.FaultOf("conversations").ShouldBeNull();
    }

    [Theory]
    [InlineData("copy.parquet")]
    [InlineData(".hidden.parquet")]
    [InlineData("x:y.parquet")]
    [InlineData("a?b.parquet")]
    [InlineData("line\nbreak.parquet")]
    [InlineData("long")]
    public async Task A_file_that_no_manifest_names_is_in_no_view(string name)
    {
        await RunAsync(messages: 60);
        foreach (string dataset in (string[])["messages", "conversations"])
        {
            string part = Directory.GetFiles(Path.Combine(Lake, dataset), "*.parquet", SearchOption.AllDirectories).ShouldHaveSingleItem();
            File.Copy(part, Path.Combine(Path.GetDirectoryName(part)!, name == "long" ? $"{new string('x', 240)}.parquet" : name));
            string day = Path.Combine(Lake, dataset, "snapshot_date=2001-01-01");
            Directory.CreateDirectory(day);
            File.Copy(part, Path.Combine(day, Path.GetFileName(part)));
        }

        using ViewReader reader = await ViewReader.OpenAsync(Lake);

        reader.FindFaults().ShouldBeEmpty();
        reader.Duck.Count("SELECT count(*) FROM messages").ShouldBe(60);
    }

    [Fact]
    public async Task A_manifest_of_another_kind_commits_no_run()
    {
        await RunAsync(messages: 60);
        string run = Directory.GetFiles(Path.Combine(Lake, "_manifests")).ShouldHaveSingleItem();
        string later = Path.Combine(Lake, "_manifests", "29990101T020000Z-0000abcd.json");
        JsonNode manifest = JsonNode.Parse(await File.ReadAllTextAsync(run, Cancellation))!;
        (manifest["kind"], manifest["run_id"]) = ("compaction", Path.GetFileNameWithoutExtension(later));
        await File.WriteAllTextAsync(later, manifest.ToJsonString(), Cancellation);

        using ViewReader reader = await ViewReader.OpenAsync(Lake);

        reader.Duck.Rows("SELECT run_id FROM committed_runs").ShouldBe([[Path.GetFileNameWithoutExtension(run)]]);
        reader.Duck.Count("SELECT count(*) FROM messages").ShouldBe(60);
    }

    [Fact]
    public async Task A_lake_without_files_has_the_view_of_them()
    {
        await RunAsync(messages: 60);
        using ViewReader reader = await ViewReader.OpenAsync(Lake);

        Directory.EnumerateDirectories(Path.Combine(Lake, "media"), "snapshot_date=*").Any().ShouldBeFalse();
        reader.Duck.Count("SELECT count(filename) FROM media WHERE outcome = 'stored'").ShouldBe(0);
        reader.Duck.Rows("SELECT column_name FROM (DESCRIBE media)").Select(row => row[0])
            .ShouldBe([.. Datasets.Media.Columns.Select(column => column.Name), "snapshot_date"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_closed_as_failed_is_in_no_view(bool namesItsFiles)
    {
        await RunAsync(messages: 60);
        await RunAsync(messages: 60, full: true);
        string[] manifests = [.. Directory.GetFiles(Path.Combine(Lake, "_manifests")).Order(StringComparer.Ordinal)];
        JsonNode manifest = JsonNode.Parse(await File.ReadAllTextAsync(manifests[1], Cancellation))!;
        manifest["status"] = "Failed";
        if (!namesItsFiles)
            manifest["files"] = new JsonArray();
        await File.WriteAllTextAsync(manifests[1], manifest.ToJsonString(), Cancellation);

        using ViewReader reader = await ViewReader.OpenAsync(Lake);

        foreach (string view in ViewReader.Views)
            reader.Duck.Rows($"SELECT DISTINCT run_id FROM {view}").ShouldHaveSingleItem(view)[0].ShouldBe(Path.GetFileNameWithoutExtension(manifests[0]), view);
    }

    private async Task RunAsync(long messages, IReadOnlyList<PartFormat>? formats = null, bool full = false)
    {
        var options = new SandboxOptions { Conversations = 2, Messages = messages, IncludeSamples = false };
        await using SandboxServer sandbox = await SandboxServer.StartAsync(options, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(Lake));
        Manifest manifest = await harness.RunAsync(new RunRequest
        {
            Conversations = ConversationSelection.All,
            Formats = formats ?? [PartFormat.Parquet, PartFormat.Jsonl],
            Trigger = "cli",
            Full = full,
        });
        manifest.Status.ShouldBe("Succeeded");
    }
}
