namespace KapsoArchive.Tests.Cli;

public sealed class DemoCommandTests : CliTest
{
    [Fact]
    public async Task The_demo_needs_no_settings_and_prints_the_next_commands()
    {
        Settings.Clear();

        CliResult result = await RunAsync("demo", "--out", "my lake");

        result.ExitCode.ShouldBe(0);
        result.Error.ShouldBeEmpty();
        result.Output.ShouldContain("20,000 messages added, 0 changed, 0 removed, 0 records rejected");
        string[] next = result.Output[result.Output.IndexOf("Continue with:", StringComparison.Ordinal)..].TrimEnd().Split('\n')[1..];
        next.Length.ShouldBe(7);
        next[0].ShouldBe("  kapso-archive conversations --lake \"my lake\"");
        next[1].ShouldMatch(@"^  kapso-archive show ""\+\d+"" --lake ""my lake""$");
        next[2].ShouldBe("  kapso-archive find invoice --lake \"my lake\"");
        next[3].ShouldBe("  kapso-archive query \"SELECT message_type, count(*) AS messages FROM messages_current GROUP BY ALL\" --lake \"my lake\"");
        next[4].ShouldBe("  Kapso__ApiKey=YOUR_KEY kapso-archive run --conversations all --out ./lake", "the program is called by its name where there is no clone around it");
        next[5].ShouldBe("  Kapso__ApiKey=YOUR_KEY kapso-archive serve --out ./lake");
        next[6].ShouldBe("  kapso-archive --help");
        Parts("my lake").ShouldBe(["_manifests", "conversations", "media", "messages", "messages_jsonl"]);
        Visible("my lake").Count(file => file.StartsWith("_media", StringComparison.Ordinal)).ShouldBeGreaterThan(4_000, "the files behind messages");
    }

    [Fact]
    public async Task In_a_clone_the_demo_prints_commands_for_the_clone()
    {
        Directory.CreateDirectory(Folder.File("src/KapsoArchive.Cli"));

        CliResult result = await RunAsync("demo");

        result.Output.ShouldContain("  Kapso__ApiKey=YOUR_KEY dotnet run --project src/KapsoArchive.Cli -- run --conversations all --out ./lake");
        result.Output.TrimEnd().ShouldEndWith("  dotnet test --project tests/KapsoArchive.Tests");
    }

    [Fact]
    public async Task The_demo_contacts_only_its_own_sandbox()
    {
        Settings["Archive__ConnectionString"] = "UseDevelopmentStorage=true";

        (await RunAsync("demo")).ExitCode.ShouldBe(0);

        Sandbox.RequestCount.ShouldBe(0);
        Parts("kapso-archive-demo").Length.ShouldBe(5);
    }

    /// <summary>The folder of each file but those behind messages.</summary>
    private string[] Parts(string lake) =>
        [.. Visible(lake).Select(file => file.Split(Path.DirectorySeparatorChar)[0]).Where(folder => folder != "_media")];
}
