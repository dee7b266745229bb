using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Tests.Cli;

public sealed class StatusCommandTests : CliTest
{
    private FolderStore Store => new(Folder.File("lake"));

    [Fact]
    public async Task The_runs_are_listed_newest_first_without_a_key()
    {
        string first = await ArchiveAsync();
        string second = await ArchiveAsync();
        Settings.Clear();

        CliResult result = await RunAsync("status", "--out", "lake");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        result.Output.ShouldContain($": the latest snapshot is run {second}, less than a minute old.");
        result.Output.ShouldMatch(@"400 messages, 12 conversations, 0 not complete; [0-9.]+ [KM]B\.\s");
        result.Output.ShouldContain("No process is working on it.");
        result.Output.ShouldMatch($@"{second}  Succeeded, [0-9:]+\s+0 conversations read; 0 messages added, 0 changed, 0 removed\s+{first}  Succeeded, [0-9:]+\s+12 conversations read; 400 messages added, 0 changed, 0 removed\s");
    }

    [Fact]
    public async Task A_run_given_by_the_beginning_of_its_id_is_shown_in_full()
    {
        string first = await ArchiveAsync();
        string second = await ArchiveAsync();

        CliResult result = await RunAsync("status", "--out", "lake", "--run", second[..^1]);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldMatch($@"Run\s+{second}");
        result.Output.ShouldMatch(@"Requested\s+all conversations[^\n]*; parquet, jsonl");
        result.Output.ShouldContain("no conversation was active or due for a full sweep");
        result.Output.ShouldMatch($@"Previous\s+{first}");
        result.Output.ShouldContain("conversations/snapshot_date=");
        (await RunAsync("status", "--out", "lake", "--run", first)).Output.ShouldMatch(@"Sweeps\s+0 of the newest messages, 12 of all;[\s\S]*Previous\s+none: it is the first");
    }

    [Fact]
    public async Task An_unknown_or_ambiguous_id_is_reported_with_the_existing_ids()
    {
        string first = await ArchiveAsync();
        await ArchiveAsync();

        CliResult unknown = await RunAsync("status", "--out", "lake", "--run", "1999");
        CliResult ambiguous = await RunAsync("status", "--out", "lake", "--run", "2");
        CliResult nowhere = await RunAsync("status", "--out", "nowhere");

        (unknown.ExitCode, ambiguous.ExitCode, nowhere.ExitCode).ShouldBe((2, 2, 2));
        unknown.Error.ShouldContain("there is no run 1999");
        unknown.Error.ShouldContain(first);
        ambiguous.Error.ShouldContain("2 matches ");
        nowhere.Error.ShouldStartWith("There is no archive at ");
        Directory.Exists(Folder.File("nowhere")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_run_is_under_way_only_while_a_process_holds_the_lock()
    {
        string run = await ArchiveAsync();
        ProgressDocument record = (await new ProgressDocuments(Store).ReadAsync(run, Cancellation))!;
        string under = run[..^1] + (run[^1] == '0' ? '1' : '0');
        await new ProgressDocuments(Store).WriteAsync(
            record with { RunId = under, Status = RunStatus.Running, Manifest = null, FinishedAt = null, Progress = new(new(3, 1, 12), 90, 7, 0) }, Cancellation);

        await using (await Store.LockAsync(ArchiveLock.Path, ArchiveLock.Run("timer"), Cancellation))
        {
            CliResult running = await RunAsync("status", "--out", "lake");
            running.ExitCode.ShouldBe(0);
            running.Output.ShouldMatch($@"{under}  Running, [0-9:]+\s+3 of 12 conversations read, 1 not complete\s");
            running.Output.ShouldMatch(@"Working on it: \S+, process \d+, since [^\n]*\(an archive run started by timer\)");
        }

        (await RunAsync("status", "--out", "lake")).Output.ShouldMatch($@"{under}  Interrupted: the next run continues it, [0-9:]+\s+3 of 12 conversations read, 1 not complete\s");
        await using (await Store.LockAsync(ArchiveLock.Path, ArchiveLock.Verification, Cancellation))
            (await RunAsync("status", "--out", "lake", "--run", under)).Output.ShouldMatch(@"Status\s+Interrupted: the next run continues it[\s\S]*It is not committed");
    }

    [Fact]
    public async Task Json_is_one_document_of_all_runs_or_of_one()
    {
        string run = await ArchiveAsync();
        File.Delete(Folder.File($"lake/_state/runs/{run}.json"));

        JsonElement all = await JsonAsync("status", "--out", "lake", "--json");
        JsonElement one = await JsonAsync("status", "--out", "lake", "--json", "--run", run);

        all.GetProperty("lock").ValueKind.ShouldBe(JsonValueKind.Null);
        all.GetProperty("latest").GetProperty("run_id").GetString().ShouldBe(run);
        JsonElement listed = all.GetProperty("runs").EnumerateArray().ShouldHaveSingleItem();
        (listed.GetProperty("run_id").GetString(), listed.GetProperty("status").GetString(), listed.GetProperty("interrupted").GetBoolean()).ShouldBe((run, "Succeeded", false));
        listed.GetProperty("rows").GetProperty("added").GetInt64().ShouldBe(400);
        one.GetProperty("record").ValueKind.ShouldBe(JsonValueKind.Null);
        one.GetProperty("manifest").GetProperty("run_id").GetString().ShouldBe(run);
    }

    [Fact]
    public async Task Damage_is_shown_in_its_row_and_hides_no_other_run()
    {
        string first = await ArchiveAsync();
        string second = await ArchiveAsync();
        await File.WriteAllTextAsync(Folder.File($"lake/_state/runs/{first}.json"), "{", Cancellation);
        await File.WriteAllTextAsync(Folder.File($"lake/_manifests/{second}.json"), "{", Cancellation);

        CliResult result = await RunAsync("status", "--out", "lake");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldMatch($@"{second}[\s\S]*Error: _manifests/{second}\.json cannot be read");
        result.Output.ShouldMatch($@"{first}  Succeeded[\s\S]*runs/{first}\.json of ");
    }

    [Fact]
    public async Task Only_the_newest_twenty_are_listed_unless_all_are_requested()
    {
        string run = await ArchiveAsync();
        ProgressDocument record = (await new ProgressDocuments(Store).ReadAsync(run, Cancellation))!;
        for (int i = 10; i < 35; i++)
            await new ProgressDocuments(Store).WriteAsync(record with { RunId = $"20200101T0000{i}Z-00000000", Status = RunStatus.Failed, Manifest = null, Error = "It failed." }, Cancellation);

        CliResult newest = await RunAsync("status", "--out", "lake");
        CliResult all = await RunAsync("status", "--out", "lake", "--all");

        newest.Output.ShouldContain("… and 6 older runs: see --all.");
        newest.Output.ShouldNotContain("20200101T000015Z");
        all.Output.ShouldContain("20200101T000010Z-00000000");
        all.Output.ShouldContain("It failed.");
    }

    [Fact]
    public async Task A_run_of_two_ids_is_not_the_whole_archive_and_exports_are_counted()
    {
        await ArchiveAsync();
        string[] two = [.. Sandbox.Data.Conversations.Take(2).Select(c => c.Id)];
        (await RunAsync("run", "--conversation", two[0], "--conversation", two[1], "--out", "lake", "--full")).ExitCode.ShouldBe(0);
        (await RunAsync("export", "--source", "archive", "--conversation", two[0], "--out", "lake", "--format", "html")).ExitCode.ShouldBe(0);

        CliResult result = await RunAsync("status", "--lake", "lake");

        result.Output.ShouldMatch(@"400 messages, 12 conversations, 0 not complete; [0-9.]+ [KM]B\. Besides, 1 export\.\s");
        result.Output.ShouldContain("2 listed conversations read; 0 messages added, 0 changed, 0 removed");
        result.Output.ShouldNotContain("2/2");
        result.Output.Split('\n').Skip(1).ShouldAllBe(line => line.TrimEnd().Length <= 80, "it fits into a terminal; the first line has the folder's name");
    }

    private async Task<string> ArchiveAsync()
    {
        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("run_id").GetString()!;
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        CliResult result = await RunAsync(arguments);
        result.ExitCode.ShouldBe(0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
