using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>A collector in trouble is no trouble of the archive.</summary>
public sealed class CollectorTroubleTests : CliTest
{
    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_that_is_down_changes_nothing(string protocol)
    {
        await using (CollectorStandIn gone = await CollectorStandIn.StartAsync())
            Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = gone.Url;
        Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        result.Output.ShouldContain("all 12 conversations are complete");
    }

    [Fact]
    public async Task A_silent_collector_is_not_waited_for()
    {
        await using CollectorStandIn silent = await CollectorStandIn.StartAsync(answers: false);
        Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = silent.Url;
        Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        Settings["OTEL_EXPORTER_OTLP_TIMEOUT"] = "3600000"; // Only the program's own patience ends it.
        Settings["OTEL_BSP_EXPORT_TIMEOUT"] = "3600000";

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        result.Output.ShouldContain("all 12 conversations are complete");
        silent.Received.ShouldNotBeEmpty();
    }
}
