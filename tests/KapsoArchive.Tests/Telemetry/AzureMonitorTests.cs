using System.Text;
using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>A night as Azure Monitor sees it, for which a server on this machine stands.</summary>
public sealed class AzureMonitorTests : CliTest
{
    private const string InstrumentationKey = "00000000-0000-0000-0000-00000000000a";

    [Fact]
    public async Task A_night_is_sent_to_the_connection_strings_resource()
    {
        await using CollectorStandIn monitor = await CollectorStandIn.StartAsync();
        Settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey={InstrumentationKey};IngestionEndpoint={monitor.Url}/";
        Settings["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true";

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        monitor.Received.ShouldAllBe(r => r.Path == "/v2.1/track");
        string sent = string.Concat(monitor.Received.Select(r => Encoding.UTF8.GetString(r.Body)));
        sent.ShouldContain($"\"iKey\":\"{InstrumentationKey}\"");
        foreach (string name in (string[])["run", "conversation", "sweep", "part", "kapso_archive.requests", "kapso_archive.snapshot.age"])
            sent.ShouldContain($"\"name\":\"{name}\"");
        sent.ShouldMatch("Run [^\"]+ ended: Succeeded");
        Secrets.Of(Folder.File("lake"), Settings["Kapso__ApiKey"]).FoundIn([sent]).ShouldBeEmpty();
    }
}
