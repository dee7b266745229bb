using System.Text.Json.Nodes;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Cli;

/// <summary>The files behind messages are copied, and so is what the archive waits for.</summary>
public sealed class BackupMediaTests() : CliTest(new SandboxOptions
{
    Conversations = 6,
    Messages = 300,
    Media = new SandboxMedia
    {
        Faults = new SandboxMediaFaults { Shares = new Dictionary<SandboxMediaFaultKind, double> { [SandboxMediaFaultKind.Unavailable] = 0.4 } },
    },
})
{
    [Fact]
    public async Task A_copy_has_the_files_and_waits_for_those_that_the_archive_waits_for()
    {
        Settings["Archive__Media"] = "all";
        await RunAsync("run", "--conversations", "all", "--out", "lake", "--quiet");
        await BackUpAsync();
        JsonNode waiting = await MediaAsync("lake");
        waiting["waiting"]!.GetValue<int>().ShouldBeGreaterThan(0);
        (await MediaAsync("copy")).ToJsonString().ShouldBe(waiting.ToJsonString());
        int files = Directory.GetFiles(Folder.File("copy/_media"), "*", SearchOption.AllDirectories).Length;
        files.ShouldBeGreaterThan(0);

        Sandbox.Media!.Faults = new SandboxMediaFaults();
        (await RunAsync("media", "--retry", "--lake", "lake", "--quiet")).ExitCode.ShouldBe(0);
        await BackUpAsync();

        (await MediaAsync("copy")).ToJsonString().ShouldBe((await MediaAsync("lake")).ToJsonString());
        Directory.GetFiles(Folder.File("copy/_media"), "*", SearchOption.AllDirectories).Length.ShouldBeGreaterThan(files);
        Visible("copy").ShouldBe(Visible("lake"));
        (await RunAsync("verify", "--lake", "copy", "--quiet")).ShouldBe(new CliResult(0, "", ""));
        await RunAsync("restore", "--lake", "copy");
        (await RunAsync("run", "--conversations", "all", "--out", "copy", "--quiet")).ExitCode.ShouldBe(0);
    }

    private async Task BackUpAsync()
    {
        CliResult result = await RunAsync("backup", "--lake", "lake", "--to", "copy");
        result.ExitCode.ShouldBe(0, result.Output + result.Error);
    }

    private async Task<JsonNode> MediaAsync(string lake) => JsonNode.Parse((await RunAsync("media", "--lake", lake, "--json")).Output)!;
}
