using System.Text.Json.Nodes;

namespace KapsoArchive.Tests.Cli;

/// <summary><c>backup</c> and <c>restore</c>, as a user types them.</summary>
public sealed class BackupCommandTests : CliTest
{
    private string Newest => Path.GetFileNameWithoutExtension(Directory.GetFiles(Folder.File("lake/_manifests")).Max(StringComparer.Ordinal)!);

    [Fact]
    public async Task A_backup_says_what_it_copied_and_what_the_copy_has()
    {
        await NightAsync();

        CliResult first = await RunAsync("backup", "--lake", "lake", "--to", "copy");
        CliResult again = await RunAsync("backup", "--lake", "lake", "--to", "copy", "--json");
        CliResult quiet = await RunAsync("backup", "--lake", "lake", "--to", "copy", "--quiet");

        (first.ExitCode, first.Error).ShouldBe((0, ""));
        string[] said = first.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        said.Length.ShouldBe(2);
        said[0].ShouldStartWith("Copied 1 run, 3 files, ");
        said[1].ShouldStartWith($"The copy at {Folder.File("copy")} has 1 run, 3 files, ");
        said[1].ShouldContain($", up to run {Newest} of ");
        JsonNode json = JsonNode.Parse(again.Output)!;
        (json["run_id"]!.GetValue<string>(), json["copied"]!["files"]!.GetValue<int>(), json["holds"]!["files"]!.GetValue<int>()).ShouldBe((Newest, 0, 3));
        quiet.ShouldBe(new CliResult(0, "", ""));
        Visible("copy").ShouldBe(Visible("lake"));
    }

    [Fact]
    public async Task Damage_ends_with_exit_code_3_and_a_wrong_place_with_2()
    {
        await NightAsync();
        string part = Visible("lake").First(f => f.StartsWith("messages", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(Folder.File("lake"), part), "damaged", Cancellation);

        CliResult damaged = await RunAsync("backup", "--lake", "lake", "--to", "copy", "--quiet");
        CliResult within = await RunAsync("backup", "--lake", "lake", "--to", "lake/copy");
        CliResult odd = await RunAsync("backup", "--lake", "lake", "--to", "https://example.com");
        CliResult nothing = await RunAsync("backup", "--lake", "none", "--to", "copy", "--json");

        damaged.ExitCode.ShouldBe(3);
        damaged.Output.ShouldContain(part);
        damaged.Output.ShouldContain("1 file is damaged and not copied. All others are.");
        (within.ExitCode, within.Output).ShouldBe((2, ""));
        within.Error.ShouldStartWith("--to: ");
        (odd.ExitCode, odd.Output).ShouldBe((2, ""));
        odd.Error.ShouldStartWith("--to: ");
        nothing.ExitCode.ShouldBe(2);
        JsonNode.Parse(nothing.Output)!["error"]!["exit_code"]!.GetValue<int>().ShouldBe(2);
        Directory.Exists(Folder.File("none")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_copy_is_read_but_not_run_until_it_is_restored()
    {
        await NightAsync();
        await RunAsync("backup", "--lake", "lake", "--to", "copy");

        CliResult[] read =
        [
            await RunAsync("status", "--lake", "copy"),
            await RunAsync("verify", "--lake", "copy"),
            await RunAsync("conversations", "--lake", "copy"),
            await RunAsync("query", "SELECT count(*) FROM messages_current", "--lake", "copy"),
            await RunAsync("export", "--source", "archive", "--conversations", "all", "--out", "copy"),
        ];
        CliResult run = await RunAsync("run", "--conversations", "all", "--out", "copy");
        CliResult serve = await RunAsync("serve", "--out", "copy", "--urls", "http://127.0.0.1:0");
        CliResult original = await RunAsync("restore", "--lake", "lake");
        CliResult restored = await RunAsync("restore", "--lake", "copy");
        CliResult goesOn = await RunAsync("run", "--conversations", "all", "--out", "copy", "--quiet");

        read.ShouldAllBe(r => r.ExitCode == 0);
        foreach (CliResult refused in (CliResult[])[run, serve])
        {
            (refused.ExitCode, refused.Output).ShouldBe((2, ""));
            refused.Error.ShouldStartWith($"{Folder.File("copy")} is a copy of {Folder.File("lake")}, and a run would part the two.");
        }

        original.ShouldBe(new CliResult(0, $"{Folder.File("lake")} is not marked as a copy, so there is nothing to take over. Nothing was changed.\n", ""));
        (restored.ExitCode, restored.Error).ShouldBe((0, ""));
        restored.Output.ShouldStartWith($"{Folder.File("copy")} is no longer a copy: runs are accepted there. It ends with run {Newest}.");
        (goesOn.ExitCode, goesOn.Output).ShouldBe((0, ""));
        goesOn.Error.ShouldStartWith($"Warning: The archive goes on from a copy of {Folder.File("lake")} that ends with run {Newest}");
    }

    private async Task NightAsync() => (await RunAsync("run", "--conversations", "all", "--out", "lake", "--quiet")).ShouldBe(new CliResult(0, "", ""));
}
