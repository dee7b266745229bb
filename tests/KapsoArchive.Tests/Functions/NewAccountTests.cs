using System.Net;
using Azure.Storage.Blobs;
using KapsoArchive.FunctionsHost;

namespace KapsoArchive.Tests.Functions;

/// <summary>A storage account without containers, and one whose data container is gone.</summary>
public sealed class NewAccountTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private readonly FunctionsFixture _fixture = fixture;

    [Fact]
    public async Task A_new_account_reads_as_an_empty_archive_and_its_first_night_begins()
    {
        Settings["Archive__Container"] = _fixture.Azurite.NewContainerName();
        StandInHost host = await StartAsync(o => o with { FiresStartupTimers = false });
        using HttpClient http = Http(host);

        await UntilAsync(host, async () => (await http.GetAsync("/api/health/ready", Cancellation)).StatusCode == HttpStatusCode.OK);

        (await TextAsync(http, "/api/ui")).ShouldContain("Nothing is archived yet");
        (await http.GetAsync("/api/exports", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.FireTimerAsync("NightlyArchive")).Error.ShouldBeNull();
        await UntilAsync(host, async () => (await TextAsync(http, "/api/runs")).Contains("Succeeded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deleted_data_container_stays_deleted_and_is_named()
    {
        StandInHost first = await StartAsync();
        await EndNightAsync(first, await BeginNightAsync(first));
        await first.StopAsync(StopWay.Terminate);
        var data = new BlobContainerClient(Settings["Archive__ConnectionString"], Settings["Archive__Container"]);
        await data.DeleteAsync(cancellationToken: Cancellation);

        StandInHost host = await StartAsync();

        using HttpClient http = Http(host);
        (await http.GetAsync("/api/health/ready", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await host.FireTimerAsync("NightlyArchive")).Error.ShouldNotBeNull().ShouldContain("shows that it was used");
        (await data.ExistsAsync(Cancellation)).Value.ShouldBeFalse();
    }
}
