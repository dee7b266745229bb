namespace KapsoArchive.Tests.Cli;

/// <summary>What a scheduler mails: nothing, unless something is wrong.</summary>
public sealed class QuietTests : CliTest
{
    [Fact]
    public async Task Quiet_prints_nothing_on_success_but_the_document_that_json_asks_for()
    {
        CliResult run = await RunAsync("run", "--conversations", "all", "--out", "lake", "--quiet");
        CliResult json = await RunAsync("run", "--conversations", "all", "--out", "lake", "--quiet", "--json");
        CliResult export = await RunAsync("export", "--conversations", "all", "--out", "lake", "--quiet");
        CliResult verify = await RunAsync("verify", "--lake", "lake", "--quiet");
        CliResult demo = await RunAsync("demo", "--out", "demo", "--quiet");

        foreach (CliResult result in (CliResult[])[run, export, verify, demo])
            result.ShouldBe(new CliResult(0, "", ""));
        (json.ExitCode, json.Error).ShouldBe((0, ""));
        json.Output.ShouldStartWith("{");
    }

    [Fact]
    public async Task Quiet_names_what_is_wrong()
    {
        await RunAsync("run", "--conversations", "all", "--out", "lake", "--quiet");
        string part = Visible("lake").First(f => f.StartsWith("messages", StringComparison.Ordinal));
        File.Delete(Path.Combine(Folder.File("lake"), part));

        CliResult verify = await RunAsync("verify", "--lake", "lake", "--quiet");
        CliResult partial = await RunAsync("run", "--conversation", "no-such", "--out", "other", "--quiet");

        (verify.ExitCode, partial.ExitCode).ShouldBe((3, 3));
        verify.Output.ShouldContain(part.Replace('\\', '/'));
        partial.Output.ShouldContain("1 of 1 conversation is not complete.");
    }
}
