using System.Text.Json.Nodes;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Telemetry;

namespace KapsoArchive.Tests.Functions;

/// <summary>What the host gets to read.</summary>
public sealed class LogTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    protected override SandboxOptions World => base.World with
    {
        Conversations = 8,
        Messages = 800,
        Faults = new SandboxFaults { InternalError = 0.05, Html = 0.05, Truncated = 0.05, Reset = 0.05, RetryAfterSeconds = 0 },
    };

    [Fact]
    public async Task No_message_text_number_link_or_key_is_logged()
    {
        StandInHost host = await StartAsync();
        var caller = new ExportCaller(Http(host));
        await EndNightAsync(host, await BeginNightAsync(host));
        (_, JsonNode body, _) = await caller.CreateAsync(new { conversations = "all", formats = (string[])["jsonl"] });
        JsonNode ended = await EndAsync(host, $"/api/exports/{body["id"]}");
        string folder = Folder.File("download");
        await caller.DownloadAsync(ended, folder);
        using (var browser = new HttpClient { BaseAddress = host.Url })
            await browser.GetStringAsync(new Uri($"/api/ui?code={host.FunctionKey}", UriKind.Relative), Cancellation);
        await host.StopAsync(StopWay.Terminate);
        Settings["Kapso__ApiKey"] = "kapso-key-that-nobody-knows";
        StandInHost refused = await StartAsync();
        (await EndNightAsync(refused, await BeginNightAsync(refused))).ShouldBe("Failed");

        string account = Settings["AzureWebJobsStorage"].Split(';').Single(p => p.StartsWith("AccountKey=", StringComparison.Ordinal))["AccountKey=".Length..];
        var secrets = Secrets.Of(folder, World.ApiKey, "kapso-key-that-nobody-knows", account, host.FunctionKey, host.MasterKey, refused.FunctionKey, "sig=");
        secrets.Count.ShouldBeGreaterThan(500);
        Lines.Count().ShouldBeGreaterThan(4);
        secrets.FoundIn(Lines.Select(l => l.ToString())).ShouldBeEmpty();
        Directory.EnumerateFiles(Folder.File("home"), "*", SearchOption.AllDirectories).ShouldBeEmpty("no key is kept on the machine");
    }

    [Fact]
    public async Task A_night_logs_fewer_than_20_lines_and_an_export_fewer_than_10_each_with_the_id()
    {
        Sandbox.Faults = SandboxFaults.None;
        StandInHost host = await StartAsync();
        string night = await BeginNightAsync(host);
        await EndNightAsync(host, night);
        await UntilAsync(host, () => host.Log.Lines.Any(l => l.Function == "ExecuteRun" && l.Message.Contains(night))); // Lines come after what they tell of.
        HostLine[] ofNight = [.. host.Log.Lines.Where(l => l.Source != LineSource.Host)];
        (_, JsonNode body, _) = await new ExportCaller(Http(host)).CreateAsync(new { conversations = "all", formats = (string[])["jsonl"] });
        await EndAsync(host, $"/api/exports/{body["id"]}");
        await UntilAsync(host, () => host.Log.Lines.Any(l => l.Function == "ExecuteRun" && l.Message.Contains((string)body["id"]!)));

        HostLine[] ofExport = [.. host.Log.Lines.Where(l => l.Source != LineSource.Host).Skip(ofNight.Length)];

        string all = string.Join('\n', host.Log.Lines);
        ofNight.Length.ShouldBeInRange(2, 19, all);
        ofExport.Length.ShouldBeInRange(1, 9, all);
        ofNight.Where(l => l.Source == LineSource.User).ShouldAllBe(l => l.Message.Contains(night), all);
        ofExport.Where(l => l.Source == LineSource.User).ShouldAllBe(l => l.Message.Contains((string)body["id"]!), all);
    }

    [Fact]
    public async Task A_log_line_names_its_function_and_the_outcome_of_a_run_its_id()
    {
        StandInHost host = await StartAsync();

        string id = await BeginNightAsync(host);
        await EndNightAsync(host, id);
        await UntilAsync(host, () => host.Deliveries.Any(d => d.Function == "ExecuteRun"));

        host.Log.Lines.ShouldContain(l => l.Category == "Function.NightlyArchive.User" && l.Message.Contains(id));
        host.Log.Lines.ShouldContain(l => l.Category == "Function.ExecuteRun.User" && l.Message.Contains(id));
    }
}
