using System.Text;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>A full night of the real program, as a collector sees it.</summary>
public sealed class NightOverOtlpTests() : CliTest(new SandboxOptions { Conversations = 12, Messages = 2_500, Faults = new SandboxFaults { InternalError = 0.1, ThrottleStorm = 0.02, RetryAfterSeconds = 0 } })
{
    [Fact]
    public async Task A_night_is_one_trace_of_run_conversations_sweeps_and_requests()
    {
        await using CollectorStandIn collector = await NightAsync();

        IReadOnlyList<OtlpSpan> spans = collector.Spans;
        Dictionary<string, OtlpSpan> byId = spans.ToDictionary(s => s.Id);
        OtlpSpan run = spans.Where(s => s.Name == "run").ShouldHaveSingleItem();
        OtlpSpan[] conversations = [.. spans.Where(s => s.Name == "conversation")];
        OtlpSpan[] sweeps = [.. spans.Where(s => s.Name == "sweep")];
        OtlpSpan[] requests = [.. spans.Where(s => s.Kind == 3)];
        spans.ShouldAllBe(s => s.Trace == run.Trace);
        run.Parent.ShouldBeEmpty();
        conversations.Select(c => c["kapso_archive.conversation.id"]).ShouldBe(Sandbox.Data.Conversations.Select(c => c.Id), ignoreOrder: true);
        conversations.ShouldAllBe(c => c.Parent == run.Id);
        sweeps.Select(s => byId[s.Parent].Name).Distinct().ShouldBe(["conversation"]);
        sweeps.Select(s => s.Parent).Distinct().Count().ShouldBe(12);
        requests.Length.ShouldBe((int)Sandbox.RequestCount, "a request that is sent again has a span of its own");
        requests.ShouldAllBe(r => r["http.request.method"] == "GET" && r["server.address"] == "127.0.0.1");
        requests.Select(r => r["http.response.status_code"]).Distinct().ShouldContain("500");
        foreach (OtlpSpan request in requests)
        {
            OtlpSpan parent = byId[request.Parent];
            string[] path = new Uri(request["url.full"]).AbsolutePath.Split('/');
            if (path[^1] == "whatsapp_conversations")
                parent.ShouldBe(run, "conversations are looked for before any is read");
            else
                (parent.Name, byId[parent.Parent]["kapso_archive.conversation.id"]).ShouldBe(("sweep", path[^2]));
        }
    }

    [Fact]
    public async Task Spans_have_the_outcome()
    {
        await using CollectorStandIn collector = await NightAsync();

        IReadOnlyList<OtlpSpan> spans = collector.Spans;
        OtlpSpan run = spans.Single(s => s.Name == "run");
        (run["kapso_archive.run.kind"], run["kapso_archive.run.trigger"], run["kapso_archive.run.status"]).ShouldBe(("archive", "cli", "Succeeded"));
        (run["kapso_archive.run.conversations"], run["kapso_archive.run.messages"], run["kapso_archive.run.requests"]).ShouldBe(("12", "2500", $"{Sandbox.RequestCount}"));
        (run["kapso_archive.run.resumed"], run.Links.Count).ShouldBe(("False", 0));
        spans.Where(s => s.Name == "conversation").Sum(c => int.Parse(c["kapso_archive.conversation.messages"])).ShouldBe(2_500);
        spans.Where(s => s.Name == "conversation").ShouldAllBe(c => c["kapso_archive.conversation.outcome"] == "complete");
        spans.Where(s => s.Name == "sweep").ShouldAllBe(s => s["kapso_archive.sweep.kind"] == "full" && s["kapso_archive.sweep.verdict"] == "proof");
        OtlpSpan[] parts = [.. spans.Where(s => s.Name == "part")];
        parts.ShouldAllBe(p => p.Parent == run.Id);
        parts.Select(p => (p["kapso_archive.part.path"], p["kapso_archive.part.bytes"]))
            .ShouldBe(Visible("lake").Where(f => !f.StartsWith('_')).Select(f => (f, $"{new FileInfo(Folder.File($"lake/{f}")).Length}")), ignoreOrder: true);
        run["kapso_archive.run.bytes"].ShouldBe($"{parts.Sum(p => long.Parse(p["kapso_archive.part.bytes"]))}");
    }

    [Fact]
    public async Task Metrics_and_logs_of_the_night_have_the_programs_name()
    {
        await using CollectorStandIn collector = await NightAsync();

        OtlpPoint[] points = [.. collector.Points.Where(p => p.Scope == "KapsoArchive")];
        Sum("kapso_archive.messages", "{message}", "added").ShouldBe(2_500);
        Sum("kapso_archive.messages", "{message}").ShouldBe(2_500);
        Sum("kapso_archive.requests", "{request}").ShouldBe(Sandbox.RequestCount);
        Sum("kapso_archive.retries", "{request}").ShouldBeGreaterThan(0);
        Sum("kapso_archive.conversations", "{conversation}", "complete").ShouldBe(12);
        Sum("kapso_archive.incomplete_conversations", "{conversation}").ShouldBe(0);
        Sum("kapso_archive.bytes", "By").ShouldBe(Visible("lake").Where(f => !f.StartsWith('_')).Sum(f => new FileInfo(Folder.File($"lake/{f}")).Length));
        Sum("kapso_archive.run.duration", "s", "Succeeded").ShouldBeGreaterThan(0);
        Sum("kapso_archive.snapshot.age", "s").ShouldBeInRange(0, 3_600);
        collector.Points.ShouldContain(p => p.Metric == "http.client.request.duration");
        collector.Events.Distinct().ShouldBe(["Begun", "Ended", "ExecutionAttempt", "ResilienceEvent"], ignoreOrder: true, "the retries tell of themselves");
        collector.Resources.ShouldAllBe(r => r["service.name"] == "kapso-archive" && r["service.version"] == "0.1.0");

        double Sum(string metric, string unit, string? attribute = null)
        {
            OtlpPoint[] ofMetric = [.. points.Where(p => p.Metric == metric)];
            ofMetric.ShouldNotBeEmpty(metric);
            ofMetric.ShouldAllBe(p => p.Unit == unit);
            return ofMetric.Where(p => attribute is null || p.Attributes.Values.Contains(attribute)).Sum(p => p.Value);
        }
    }

    [Fact]
    public async Task Telemetry_contains_no_message_text_and_no_key()
    {
        await using CollectorStandIn collector = await NightAsync();

        var secrets = Secrets.Of(Folder.File("lake"), Settings["Kapso__ApiKey"]);
        secrets.Count.ShouldBeGreaterThan(1_000);
        secrets.FoundIn(collector.Received.Select(r => Encoding.UTF8.GetString(r.Body))).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_users_own_name_and_attributes_take_precedence()
    {
        Settings["OTEL_SERVICE_NAME"] = "archive-of-shop-7";
        Settings["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=test";

        await using CollectorStandIn collector = await NightAsync();

        collector.Resources.ShouldAllBe(r => r["service.name"] == "archive-of-shop-7" && r["deployment.environment.name"] == "test");
    }

    private async Task<CollectorStandIn> NightAsync()
    {
        CollectorStandIn collector = await CollectorStandIn.StartAsync();
        Settings["Kapso__RetryDelay"] = "00:00:00";
        Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url;
        Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";

        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake");

        (result.ExitCode, result.Error).ShouldBe((0, ""));
        return collector;
    }
}
