using System.Text.Json;
using KapsoArchive.Tests.Kapso;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Cli;

/// <summary>What tells an operator that a night went wrong: exit codes, the mark of a night, and the age of the newest one.</summary>
public sealed class NightsTests : CliTest
{
    private string Id => Sandbox.Data.Conversations[0].Id;

    [Fact]
    public async Task Only_a_run_of_everything_counts_as_a_night()
    {
        (await RunAsync("run", "--conversation", Id, "--out", "lake")).ExitCode.ShouldBe(0);
        await File.WriteAllTextAsync(Folder.File("two.txt"), $"{Id}\n{Sandbox.Data.Conversations[1].Id}\n", Cancellation);
        (await RunAsync("run", "--conversations", "two.txt", "--out", "lake")).ExitCode.ShouldBe(0);
        (await RunAsync("export", "--conversation", Id, "--out", "lake")).ExitCode.ShouldBe(0);
        (await RunAsync("media", "--retry", "--lake", "lake")).ExitCode.ShouldBe(0);
        Nights.ShouldBeEmpty();
        CliResult none = await RunAsync("status", "--max-age", "26h", "--lake", "lake");
        (none.ExitCode, none.Error.StartsWith("No nightly run is on record: ", StringComparison.Ordinal)).ShouldBe((7, true), none.Error);

        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        Settings["Archive__Conversations"] = $"{Id},{Sandbox.Data.Conversations[1].Id}";
        (await RunAsync("run", "--out", "lake")).ExitCode.ShouldBe(0);

        Nights.Length.ShouldBe(2);
        Nights.ShouldAllBe(n => File.Exists(Folder.File($"lake/_manifests/{n}.json")));
        (await RunAsync("run", "--conversation", Id, "--out", "lake")).ExitCode.ShouldBe(0);
        Settings.Clear();
        CliResult status = await RunAsync("status", "--lake", "lake");
        status.Output.ShouldContain($"The newest nightly run is {Nights[1]}, less than a minute old.");
        using JsonDocument json = JsonDocument.Parse((await RunAsync("status", "--lake", "lake", "--json")).Output);
        JsonElement night = json.RootElement.GetProperty("night");
        (night.GetProperty("run_id").GetString(), night.GetProperty("status").GetString()).ShouldBe((Nights[1], "Succeeded"));
        night.GetProperty("age_seconds").GetDouble().ShouldBeInRange(0, 600);
    }

    [Fact]
    public async Task A_night_that_is_too_old_or_not_complete_fails_the_check()
    {
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        CliResult well = await RunAsync("status", "--max-age", "26h", "--quiet", "--lake", "lake");
        (well.ExitCode, well.Output, well.Error).ShouldBe((0, "", ""));
        CliResult quiet = await RunAsync("status", "--max-age", "0.00001h", "--quiet", "--lake", "lake");
        (quiet.ExitCode, quiet.Output, quiet.Error).ShouldBe((7, "", ""));
        CliResult old = await RunAsync("status", "--max-age", "00:00:00.001", "--lake", "lake");
        (old.ExitCode, old.Error.TrimEnd()).ShouldBe(
            (7, $"The newest nightly run, {Nights[0]}, is less than a minute old, and --max-age is less than a minute."));

        Settings["Archive__Conversations"] = "00000000-0000-4000-8000-00000000dead";
        (await RunAsync("run", "--out", "lake")).ExitCode.ShouldBe(3);
        CliResult partial = await RunAsync("status", "--max-age", "26h", "--lake", "lake");
        (partial.ExitCode, partial.Error.TrimEnd()).ShouldBe(
            (7, $"The newest nightly run is not complete. See `kapso-archive status --run {Nights[1]}`."));
        partial.Output.ShouldContain("the latest snapshot is run");
    }

    [Theory]
    [InlineData("26")]
    [InlineData("-1h")]
    [InlineData("0h")]
    [InlineData("tomorrow")]
    [InlineData("1w")]
    public async Task A_span_that_cannot_be_read_is_refused(string typed)
    {
        CliResult result = await RunAsync("status", $"--max-age={typed}", "--lake", "lake");

        (result.ExitCode, result.Error.TrimEnd()).ShouldBe((2, $"--max-age: {typed} is not a time span. Give it as 90m, 26h or 2d."));
    }

    /// <summary>Nothing is published in any of these cases. An answer that is not an error of the server is no outage; a 429 is waited
    /// out.</summary>
    [Theory]
    [InlineData("no connection", 6)]
    [InlineData("500", 6)]
    [InlineData("503", 6)]
    [InlineData("time-out", 6)]
    [InlineData("cut off", 6)]
    [InlineData("not JSON", 3)]
    [InlineData("404", 3)]
    [InlineData("400", 3)]
    public async Task An_outage_has_an_exit_code_of_its_own(string answer, int exitCode)
    {
        await using LocalServer server = await SourceAsync(answer);
        Settings["Kapso__BaseUrl"] = server.BaseUrl.ToString();
        Settings["Kapso__RetryDelay"] = "00:00:00";
        Settings["Kapso__MaxRetries"] = "1";
        Settings["Kapso__AttemptTimeout"] = "00:00:01";
        if (answer == "no connection")
            await server.DisposeAsync();

        CliResult all = await RunAsync("run", "--conversations", "all", "--out", "lake");
        CliResult json = await RunAsync("run", "--conversations", "all", "--out", "lake", "--json");

        all.ExitCode.ShouldBe(exitCode, all.Error);
        all.Error.ShouldStartWith("The list of conversations could not be read: ");
        all.Error.TrimEnd().ShouldNotContain('\n');
        using JsonDocument document = JsonDocument.Parse(json.Output);
        document.RootElement.GetProperty("error").GetProperty("exit_code").GetInt32().ShouldBe(exitCode);
        Visible("lake").ShouldBeEmpty();
        (Directory.Exists(Folder.File("lake/_state/nights"))).ShouldBeFalse();
        if (answer is "400" or "404")
            return; // Listed by id, each is only a conversation that is refused.
        CliResult one = await RunAsync("run", "--conversation", Id, "--out", "lake");
        one.ExitCode.ShouldBe(exitCode, one.Error);
        one.Error.ShouldStartWith("No conversation could be read. ");
    }

    [Fact]
    public async Task A_refused_key_is_one_line()
    {
        Settings["Kapso__ApiKey"] = "wrong-key";

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");

        result.ExitCode.ShouldBe(4);
        result.Error.TrimEnd().ShouldNotContain('\n');
    }

    private string[] Nights => !Directory.Exists(Folder.File("lake/_state/nights"))
        ? []
        : [.. Directory.EnumerateFiles(Folder.File("lake/_state/nights")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static Task<LocalServer> SourceAsync(string answer) => LocalServer.StartAsync(async context =>
    {
        switch (answer)
        {
            case "not JSON":
                await context.Response.WriteAsync("<html>Maintenance</html>");
                break;
            case "time-out":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case "cut off":
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync("{\"data\":[");
                context.Abort();
                break;
            case "no connection":
                break;
            default:
                context.Response.StatusCode = int.Parse(answer, System.Globalization.CultureInfo.InvariantCulture);
                await context.Response.WriteAsync("{}");
                break;
        }
    });
}
