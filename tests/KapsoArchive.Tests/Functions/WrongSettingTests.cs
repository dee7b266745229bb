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
        (await http.PostAsync("/api/runs", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await host.FireTimerAsync("ResumeRuns")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Without_conversations_the_timer_names_the_setting_and_exports_are_accepted()
    {
        Settings.Remove("Archive__Conversations");
        StandInHost host = await StartAsync();
        using HttpClient http = Http(host);

        (await host.FireTimerAsync("NightlyArchive")).Error.ShouldNotBeNull().ShouldContain("Archive:Conversations");

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
        (await host.FireTimerAsync("NightlyArchive")).Error.ShouldNotBeNull().ShouldContain("Archive:Destination");
    }
}
