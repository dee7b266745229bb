using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Cli;

public sealed class RunCommandTests : CliTest
{
    private const string Unknown = "00000000-0000-4000-8000-000000000000";

    [Fact]
    public async Task The_result_prints_the_run_its_counts_and_every_file_on_one_line()
    {
        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");

        string run = Path.GetFileNameWithoutExtension(Visible("lake").Single(file => file.StartsWith("_manifests", StringComparison.Ordinal)));
        result.ExitCode.ShouldBe(0);
        result.Error.ShouldBeEmpty();
        result.Output.ShouldContain($"Run {run}: all 12 conversations are complete.");
        result.Output.ShouldContain("400 messages added, 0 changed, 0 removed, 0 records rejected; ");
        foreach (string file in Visible("lake").Where(file => !file.StartsWith("_manifests", StringComparison.Ordinal)))
            result.Output.ShouldContain(file);
    }

    [Fact]
    public async Task Progress_is_printed_every_few_seconds_unless_quiet()
    {
        Sandbox.Faults = new SandboxFaults { Slow = 1, SlowSeconds = 6 };
        string[] run = ["run", "--conversation", Sandbox.Data.Conversations[1].Id, "--out"];

        CliResult[] results = await Task.WhenAll(
            CliProcess.RunAsync(Folder.Path, Settings, [.. run, "told"]),
            CliProcess.RunAsync(Folder.Path, Settings, [.. run, "quiet", "--quiet"]));

        results.Select(r => r.ExitCode).ShouldBe([0, 0]);
        results[0].Error.ShouldStartWith("Conversations 0 of 1, messages 0, requests ");
        results[1].Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Options_override_the_environment_which_overrides_the_settings_file()
    {
        await File.WriteAllTextAsync(Folder.File("appsettings.json"), """{"Archive": {"Destination": "file", "Conversations": "all", "Formats": "jsonl"}}""", Cancellation);
        Settings["Archive__Destination"] = "environment";
        Settings["Archive__ConnectionString"] = "UseDevelopmentStorage=true";

        (await RunAsync("run", "--out", "option")).ExitCode.ShouldBe(0);
        Settings.Remove("Archive__ConnectionString");
        (await RunAsync("run")).ExitCode.ShouldBe(0);

        foreach (string lake in (string[])["option", "environment"])
        {
            Visible(lake).ShouldContain(file => file.StartsWith("messages_jsonl", StringComparison.Ordinal));
            Visible(lake).ShouldNotContain(file => file.StartsWith("messages/", StringComparison.Ordinal));
        }

        Visible("file").ShouldBeEmpty();
    }

    [Fact]
    public async Task Json_is_the_manifest_and_nothing_else()
    {
        string id = Sandbox.Data.Conversations[1].Id;

        CliResult result = await RunAsync("run", "--conversation", id, "--conversation", id, "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0);
        string committed = await File.ReadAllTextAsync(Folder.File($"lake/{Visible("lake").Single(file => file.StartsWith("_manifests", StringComparison.Ordinal))}"), Cancellation);
        result.Output.TrimEnd().ShouldBe(committed.TrimEnd());
        using JsonDocument manifest = JsonDocument.Parse(result.Output);
        manifest.RootElement.GetProperty("totals").GetProperty("conversations").GetProperty("complete").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_repeated_id_is_archived_once_and_reported()
    {
        string id = Sandbox.Data.Conversations[1].Id;
        await File.WriteAllTextAsync(Folder.File("ids.txt"), $"{id}\n{id.ToUpperInvariant()}\n{id}\n", Cancellation);

        CliResult result = await RunAsync("run", "--conversations", "ids.txt", "--out", "lake");

        result.ExitCode.ShouldBe(0);
        result.Error.ShouldBe($"The list has 2 repeated ids; each conversation is archived once.{Environment.NewLine}");
        result.Output.ShouldContain("the one conversation is complete");
        result.Output.ShouldContain($"{Sandbox.Data.Conversations[1].MessageCount} messages added");
    }

    [Theory]
    [InlineData("--conversation")]
    [InlineData("--conversations")]
    public async Task A_refused_key_ends_the_run(string option)
    {
        Settings["Kapso__ApiKey"] = "wrong-key";

        CliResult result = await RunAsync("run", option, option == "--conversation" ? Unknown : "all", "--out", "lake");

        result.ExitCode.ShouldBe(4);
        result.Error.ShouldStartWith("Kapso refused the API key (401). Check Kapso:ApiKey (environment Kapso__ApiKey)");
        (result.Output + result.Error).ShouldNotContain("wrong-key");
        (result.Output, Sandbox.RequestCount).ShouldBe(("", 1));
        Visible("lake").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_id_fails_and_the_rest_is_archived()
    {
        string known = Sandbox.Data.Conversations[1].Id;

        CliResult result = await RunAsync("run", "--conversation", Unknown, "--conversation", known, "--out", "lake", "--json");

        result.ExitCode.ShouldBe(3);
        using JsonDocument manifest = JsonDocument.Parse(result.Output);
        JsonElement failed = manifest.RootElement.GetProperty("incomplete").EnumerateArray().ShouldHaveSingleItem();
        failed.GetProperty("conversation_id").GetString().ShouldBe(Unknown);
        failed.GetProperty("outcome").GetString().ShouldBe("failed");
        failed.GetProperty("reason").GetString().ShouldBe("not found");
        manifest.RootElement.GetProperty("totals").GetProperty("rows").GetProperty("added").GetInt64().ShouldBe(Sandbox.Data.Conversations[1].MessageCount);
    }

    [Fact]
    public async Task The_result_lists_incomplete_conversations_first()
    {
        CliResult result = await RunAsync("run", "--conversation", Unknown, "--out", "lake");

        result.ExitCode.ShouldBe(3);
        result.Output.ShouldContain("1 of 1 conversation is not complete.");
        result.Output.ShouldMatch($@"Not complete[\s\S]*{Unknown}\s+failed\s+not found[\s\S]*1 of 1");
    }

    [Theory]
    [InlineData(2, "--frob", "run", "--conversations", "all", "--out", "lake", "--json", "--frob")]
    [InlineData(2, "--format", "run", "--conversations", "all", "--out", "lake", "--json", "--format", "csv")]
    [InlineData(4, "Kapso:ApiKey", "run", "--conversations", "all", "--out", "lake", "--json")]
    public async Task Json_is_the_error_and_nothing_else(int exitCode, string named, params string[] arguments)
    {
        Settings["Kapso__ApiKey"] = "wrong-key";

        CliResult result = await RunAsync(arguments);

        result.ExitCode.ShouldBe(exitCode);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement error = document.RootElement.GetProperty("error");
        error.GetProperty("exit_code").GetInt32().ShouldBe(exitCode);
        error.GetProperty("message").GetString()!.ShouldContain(named);
        result.Error.ShouldContain(named);
    }

    [Fact]
    public async Task An_unreachable_source_is_reported_without_a_stack_trace()
    {
        await Sandbox.DisposeAsync();
        Settings["Kapso__RetryDelay"] = "00:00:00";

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");

        result.ExitCode.ShouldBe(6);
        result.Error.ShouldStartWith("The list of conversations could not be read: The connection to Kapso failed: ");
        result.Error.TrimEnd().ShouldNotContain("\n");
        Visible("lake").ShouldBeEmpty();
    }
}
