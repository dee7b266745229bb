using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>The server, which lives long.</summary>
public sealed class ServeTelemetryTests : CliTest
{
    [Fact]
    public async Task The_snapshot_age_is_measured_from_the_start_and_runs_are_traced()
    {
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        await using CollectorStandIn collector = await CollectorStandIn.StartAsync();
        Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url;
        Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        Settings["OTEL_METRIC_EXPORT_INTERVAL"] = "100";
        Settings["Archive__Conversations"] = "all";
        Settings["ArchiveSchedule"] = "0 0 2 29 2 *"; // Not while this runs.
        await using ServeProcess server = await ServeProcess.StartAsync(Folder.Path, Settings, "--urls", "http://127.0.0.1:0", "--out", "lake");

        await UntilAsync(() => collector.Points.Any(p => p.Metric == "kapso_archive.snapshot.age"));
        collector.Points.Last(p => p.Metric == "kapso_archive.snapshot.age").Value.ShouldBeInRange(0, 3_600);
        collector.Spans.ShouldBeEmpty("nothing has run");

        (await server.Http.PostAsync(new Uri("/api/runs", UriKind.Relative), content: null, Cancellation)).EnsureSuccessStatusCode();
        await UntilAsync(() => collector.Points.Any(p => p.Metric == "kapso_archive.run.duration"));
        (await server.TerminateAsync()).ShouldBe(0);

        OtlpSpan run = collector.Spans.Where(s => s.Name == "run").ShouldHaveSingleItem();
        (run.Parent, run["kapso_archive.run.trigger"], run["kapso_archive.run.status"]).ShouldBe(("", "http", "Succeeded"));
        collector.Events.ShouldContain("Ended");
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience.Limit);
        while (!isSo())
            await Task.Delay(20, patience.Token);
    }
}
