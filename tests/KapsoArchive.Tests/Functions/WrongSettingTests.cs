using System.Net;
using KapsoArchive.FunctionsHost;

namespace KapsoArchive.Tests.Functions;

/// <summary>Settings that are missing or cannot be read.</summary>
public sealed class WrongSettingTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    [Theory]
    [InlineData(null)]
    [InlineData("every night")]
    [InlineData("0 61 2 * * *")]
    public async Task A_missing_or_malformed_schedule_disables_only_the_nightly_timer(string? schedule)
    {
        if (schedule is null)
            Settings.Remove("ArchiveSchedule");
        else
            Settings["ArchiveSchedule"] = schedule;
        StandInHost host = await StartAsync();
        using HttpClient http = Http(host);

        host.Disabled.Keys.ShouldBe(["NightlyArchive"]);
        (await TextAsync(http, "/api/health/ready")).ShouldContain("Correct ArchiveSchedule on the server");
        (await http.PostAsync("/api/runs", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await host.FireTimerAsync("ResumeRuns")).Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("Kapso__ApiKey", null)]
    [InlineData("Kapso__BaseUrl", "kapso")]
    [InlineData("Archive__SliceDuration", "soon")]
    [InlineData("Archive__SliceDuration", "00:25:00")]
    public async Task A_wrong_setting_leaves_the_app_up_and_every_endpoint_names_it(string name, string? value)
    {
        if (value is null)
            Settings.Remove(name);
        else
            Settings[name] = value;
        string setting = name.Replace("__", ":", StringComparison.Ordinal);

        StandInHost host = await StartAsync();

        host.Starts.ShouldBe(1);
        using HttpClient http = Http(host);
        (await http.GetAsync("/api/health/live", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using HttpResponseMessage ready = await http.GetAsync("/api/health/ready", Cancellation);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync(Cancellation)).ShouldContain($"Correct {setting} on the server");
        (await TextAsync(http, "/api/ui")).ShouldContain(setting);
        using var content = new StringContent("""{"conversations": "all"}""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage export = await http.PostAsync("/api/exports", content, Cancellation);
        export.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await export.Content.ReadAsStringAsync(Cancellation)).ShouldContain(setting);
        (await host.FireTimerAsync("NightlyArchive")).Error.ShouldBeNull();
        host.Waits.Of(WaitKind.Retry).ShouldBeEmpty("it would fail again");
        HostLine line = host.Log.Lines.Where(l => l.Function == "NightlyArchive" && l.Source == LineSource.User).ShouldHaveSingleItem();
        (line.Level, line.Message).ShouldSatisfyAllConditions(l => l.Level.ShouldBe("Error"), l => l.Message.ShouldContain($"{setting} (environment {name})"));
    }

    [Fact]
    public async Task A_wrong_telemetry_variable_leaves_the_app_up_without_telemetry()
    {
        Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector";

        StandInHost host = await StartAsync();

        host.Starts.ShouldBe(1);
        await UntilAsync(host, () => host.Log.Lines.Any(l => l.Level == "Error" && l.Message.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_conversations_the_timer_names_the_setting_while_exports_are_accepted()
    {
        Settings.Remove("Archive__Conversations");
        StandInHost host = await StartAsync();
        using HttpClient http = Http(host);

        (await host.FireTimerAsync("NightlyArchive")).Error.ShouldBeNull();
        host.Log.Lines.ShouldContain(l => l.Function == "NightlyArchive" && l.Level == "Error" && l.Message.Contains("Archive:Conversations", StringComparison.Ordinal));

        using var content = new StringContent("""{"conversations": "all"}""", System.Text.Encoding.UTF8, "application/json");
        (await http.PostAsync("/api/exports", content, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Without_a_store_the_app_stays_up_and_names_the_setting()
    {
        Settings.Remove("Archive__ConnectionString");
        Settings.Remove("Archive__Container");
        StandInHost host = await StartAsync();
        using HttpClient http = Http(host);

        (await http.GetAsync("/api/health/live", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using HttpResponseMessage answer = await http.GetAsync("/api/exports", Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Archive:Destination");
        (await host.FireTimerAsync("NightlyArchive")).Error.ShouldBeNull();
        host.Log.Lines.ShouldContain(l => l.Function == "NightlyArchive" && l.Level == "Error" && l.Message.Contains("Archive:Destination", StringComparison.Ordinal));
    }
}
