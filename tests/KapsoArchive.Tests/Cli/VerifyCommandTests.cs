using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Tests.Cli;

public sealed class VerifyCommandTests : CliTest
{
    [Fact]
    public async Task A_sound_archive_is_reported_in_one_paragraph_without_a_key()
    {
        await ArchiveAsync();
        Settings.Clear();

        CliResult result = await RunAsync("verify", "--out", "lake");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        result.Output.ShouldContain("is sound.");
        result.Output.ShouldContain(": 1 manifest; 3 files are as they were written, 812 rows, ");
        result.Output.ShouldContain("The index agrees: 12 conversations, 400 messages.");
    }

    [Fact]
    public async Task Findings_come_first_with_the_remedy()
    {
        await ArchiveAsync();
        string part = Visible("lake").First(f => f.StartsWith("messages/", StringComparison.Ordinal));
        File.Delete(Folder.File($"lake/{part}"));

        CliResult result = await RunAsync("verify", "--out", "lake");

        result.ExitCode.ShouldBe(3);
        result.Output.ShouldMatch($@"What to do[\s\S]*{part}\s+is missing, but _manifests/\S+ names it\s+Restore it from a backup\.[\s\S]*1 thing is wrong with the archive at ");
        result.Output.ShouldContain("The index was not compared with the parts");
    }

    [Fact]
    public async Task Json_is_one_document_for_every_outcome()
    {
        await ArchiveAsync();
        JsonElement sound = await JsonAsync(0, "verify", "--out", "lake", "--json");
        sound.GetProperty("sound").GetBoolean().ShouldBeTrue();
        sound.GetProperty("checked").GetProperty("messages").GetInt64().ShouldBe(400);
        sound.GetProperty("findings").GetArrayLength().ShouldBe(0);
        sound.GetProperty("remarks").GetArrayLength().ShouldBe(0);

        await File.WriteAllTextAsync(Folder.File("lake/stray.txt"), "", Cancellation);
        JsonElement finding = (await JsonAsync(3, "verify", "--out", "lake", "--json")).GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        finding.EnumerateObject().Select(p => p.Name).ShouldBe(["path", "problem", "action"]);
        finding.GetProperty("path").GetString().ShouldBe("stray.txt");

        (await JsonAsync(2, "verify", "--out", "nowhere", "--json")).GetProperty("error").GetProperty("message").GetString()!.ShouldContain("--lake");
    }

    [Fact]
    public async Task An_export_is_verified_by_the_beginning_of_its_id()
    {
        CliResult export = await RunAsync("export", "--conversations", "all", "--format", "csv", "--out", "lake");
        export.ExitCode.ShouldBe(0, export.Error);
        string id = Path.GetFileName(Directory.GetDirectories(Folder.File("lake/exports")).Single());
        Settings.Clear();

        CliResult sound = await RunAsync("verify", "--export", id[..8], "--out", "lake");
        await File.AppendAllTextAsync(Directory.GetFiles(Folder.File($"lake/exports/{id}/messages_csv")).Single(), "x", Cancellation);
        CliResult damaged = await RunAsync("verify", "--export", id, "--out", "lake");
        CliResult both = await RunAsync("verify", "--export", id, "--rebuild-index", "--out", "lake");
        CliResult unknown = await RunAsync("verify", "--export", "1999", "--out", "lake");

        (sound.ExitCode, sound.Error).ShouldBe((0, ""));
        sound.Output.ShouldContain($"The export at {Folder.File("lake")}/exports/{id} is sound.");
        damaged.ExitCode.ShouldBe(3);
        damaged.Output.ShouldContain("2 things are wrong with the export at ", customMessage: "its length and its hash");
        (both.ExitCode, both.Error).ShouldBe((2, $"--export cannot be combined with --run, --accept or --rebuild-index. Keep one.{Environment.NewLine}"));
        unknown.ExitCode.ShouldBe(2);
        unknown.Error.ShouldContain($"--export: there is no export 1999 in {Folder.File("lake")}/exports. The newest are {id}.");
    }

    [Fact]
    public async Task A_deleted_index_is_found_and_rebuilt()
    {
        await ArchiveAsync();
        Directory.Delete(Folder.File("lake/_state/index"), recursive: true);

        CliResult found = await RunAsync("verify", "--out", "lake");
        CliResult rebuilt = await RunAsync("verify", "--out", "lake", "--rebuild-index");

        found.ExitCode.ShouldBe(3);
        found.Output.ShouldMatch(@"index/catalog\s+is missing\s+Run `kapso-archive verify --rebuild-index`");
        rebuilt.ExitCode.ShouldBe(0, rebuilt.Output);
        rebuilt.Output.ShouldContain("The index was rebuilt from the parts, 12 conversations in ");
    }

    [Fact]
    public async Task Damaged_parts_prevent_rebuilding_the_index()
    {
        await ArchiveAsync();
        File.Delete(Folder.File($"lake/{Visible("lake").First(f => f.StartsWith("messages/", StringComparison.Ordinal))}"));

        CliResult result = await RunAsync("verify", "--out", "lake", "--rebuild-index");

        (result.ExitCode, result.Output).ShouldBe((1, ""));
        result.Error.ShouldContain("so the index cannot be rebuilt from it. Restore it from a backup.");
    }

    [Fact]
    public async Task A_verification_does_not_start_during_a_run()
    {
        await ArchiveAsync();
        await using StoreLock held = await new FolderStore(Folder.File("lake")).LockAsync(ArchiveLock.Path, ArchiveLock.Run("cli"), Cancellation);

        CliResult result = await RunAsync("verify", "--out", "lake");

        (result.ExitCode, result.Output).ShouldBe((5, ""));
        result.Error.ShouldContain(" is in use by ");
    }

    [Fact]
    public async Task A_place_without_an_archive_is_named()
    {
        CliResult result = await RunAsync("verify", "--out", "nowhere");

        (result.ExitCode, result.Output).ShouldBe((2, ""));
        result.Error.ShouldStartWith("There is no archive at ");
        result.Error.ShouldContain("--lake");
        Directory.Exists(Folder.File("nowhere")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_run_can_be_given_by_the_beginning_of_its_id()
    {
        await ArchiveAsync();

        (await RunAsync("verify", "--out", "lake", "--run", "2")).Output.ShouldContain("Only this run was checked.");
        CliResult unknown = await RunAsync("verify", "--out", "lake", "--run", "1999");

        unknown.ExitCode.ShouldBe(2);
        unknown.Error.ShouldStartWith("--run: there is no run 1999 in ");
        unknown.Error.ShouldContain("The newest are 2");
    }

    private async Task ArchiveAsync() => (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);

    private async Task<JsonElement> JsonAsync(int exitCode, params string[] arguments)
    {
        CliResult result = await RunAsync(arguments);
        result.ExitCode.ShouldBe(exitCode);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
