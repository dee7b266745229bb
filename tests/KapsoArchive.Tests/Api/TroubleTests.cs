using System.Net;
using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Storage;
using KapsoArchive.Tests.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Api;

/// <summary>What is answered where the server is in trouble, and how it tells of its health.</summary>
public sealed class TroubleTests : ApiTest
{
    private const string Export = """{"conversations": "all"}""";

    [Fact]
    public async Task A_failing_store_is_reported_in_general_and_logged_in_detail()
    {
        ApiHost host = await AnotherAsync(new FailingStore(Store, failAt: 1, recovers: false));
        foreach (string address in (string[])["/api/exports/20261122T020000Z-1a2b3c4d", "/api/exports/20261122T020000Z-1a2b3c4d/files/manifest.json", "/api/runs/20261122T020000Z-1a2b3c4d", "/api/snapshots/latest"])
        {
            using HttpResponseMessage answer = await host.Client.GetAsync(address, Cancellation);
            JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "store-unavailable");
            answer.Headers.RetryAfter.ShouldNotBeNull();
            problem.GetRawText().ShouldNotContain("as the test wants it");
        }

        using HttpContent content = Json(Export);
        using HttpResponseMessage post = await host.Client.PostAsync("/api/exports", content, Cancellation);
        await ShouldBeProblemAsync(post, HttpStatusCode.ServiceUnavailable, "store-unavailable");
        host.Log.Problems.Length.ShouldBe(5, "each is logged once");
        host.Log.Problems.ShouldAllBe(p => p.Contains("as the test wants it"));
    }

    [Fact]
    public async Task A_failing_queue_is_reported_and_a_repeated_request_queues_the_export()
    {
        Host.Queue.IsBroken = true;
        using HttpResponseMessage refused = await PostExportAsync(Export, "op-1");
        JsonElement problem = await ShouldBeProblemAsync(refused, HttpStatusCode.ServiceUnavailable, "store-unavailable");
        problem.GetRawText().ShouldNotContain("secret");

        Host.Queue.IsBroken = false;
        using HttpResponseMessage accepted = await PostExportAsync(Export, "op-1");

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        Host.Queue.Messages.Count.ShouldBe(1);
        Files().Keys.Count(f => f.StartsWith("_state/exports/", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_setting_is_named_without_its_value()
    {
        ApiHost host = await AnotherAsync(Store, settings: [new("Archive:Formats", "parquet,xslt"), new("Archive:Conversations", "@/etc/pass wd")]);

        using HttpContent content = Json(Export);
        using HttpResponseMessage export = await host.Client.PostAsync("/api/exports", content, Cancellation);
        ApiHost other = await AnotherAsync(Store, settings: [new("Archive:Conversations", "@/etc/pass wd")]);
        using HttpResponseMessage run = await other.Client.PostAsync("/api/runs", content: null, Cancellation);

        JsonElement formats = await ShouldBeProblemAsync(export, HttpStatusCode.ServiceUnavailable, "misconfigured");
        formats.GetProperty("detail").GetString().ShouldNotBeNull().ShouldStartWith("Correct Archive:Formats ");
        formats.GetRawText().ShouldNotContain("xslt");
        JsonElement conversations = await ShouldBeProblemAsync(run, HttpStatusCode.ServiceUnavailable, "misconfigured");
        conversations.GetProperty("detail").GetString().ShouldNotBeNull().ShouldStartWith("Correct Archive:Conversations ");
        conversations.GetRawText().ShouldNotContain(Folder);
        (host.Log.Problems.Length, other.Log.Problems.Length).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_start_without_conversations_to_archive_names_the_setting()
    {
        ApiHost host = await AnotherAsync(Store);

        using HttpResponseMessage answer = await host.Client.PostAsync("/api/runs", content: null, Cancellation);

        JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.Conflict, "not-configured");
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("Archive:Conversations");
        Files().ShouldBeEmpty();
    }

    /// <summary>The Functions host passes on neither: it joins the values of a header, and refuses a character beyond ASCII itself.</summary>
    [Theory]
    [InlineData("Operation-Id: a\r\nOperation-Id: a", "several times")]
    [InlineData("Operation-Id: caf\u00e9", "Operation-Id")]
    public async Task A_repeated_or_non_ASCII_operation_id_is_refused_with_the_reason(string header, string reason)
    {
        string answer = await Host.SendWholeAsync(
            Encoding.UTF8.GetBytes($"POST /api/exports HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{header}\r\nContent-Length: 24\r\nConnection: close\r\n\r\n{{\"conversations\": \"all\"}}"), Cancellation);

        ApiHost.StatusOf(answer).ShouldBe(400);
        answer.ShouldContain(reason);
    }

    [Fact]
    public async Task A_server_without_a_store_names_the_missing_setting()
    {
        ApiHost host = await AnotherAsync(store: null);

        using HttpResponseMessage answer = await host.Client.GetAsync("/api/exports", Cancellation);
        using HttpResponseMessage ready = await host.Client.GetAsync("/api/health/ready", Cancellation);

        JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "misconfigured");
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("Archive:Destination");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task An_unexpected_error_is_reported_without_details()
    {
        string id = await ExportAsync();
        ApiHost host = await AnotherAsync(new LinkingStore(Store, unforeseen: new InvalidOperationException("what nobody thought of")));

        using HttpResponseMessage answer = await host.Client.GetAsync($"/api/exports/{id}/files/manifest.json", Cancellation);

        JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.InternalServerError, "internal");
        problem.GetRawText().ShouldNotContain("nobody thought of");
        problem.GetRawText().ShouldNotContain(" at ");
        host.Log.Problems.ShouldHaveSingleItem().ShouldContain("nobody thought of");
    }

    [Fact]
    public async Task The_server_is_ready_and_readiness_needs_no_key()
    {
        for (int i = 0; i < 20; i++)
            (await GetAsync("/api/health/ready")).GetRawText().ShouldBe("""{"status":"ready","checks":{"settings":"ok","store":"ok","queue":"ok"}}""");

        Host.Queue.Prepared.ShouldBeLessThan(20);
    }

    [Theory]
    [InlineData("Kapso:ApiKey", "", "Kapso:ApiKey")]
    [InlineData("Kapso:MaxConcurrency", "many", "Kapso:MaxConcurrency")]
    [InlineData("Archive:SliceDuration", "soon", "Archive:SliceDuration")]
    [InlineData("Archive:Formats", "xslt", "Archive:Formats")]
    [InlineData("Archive:Conversations", "a/b", "Archive:Conversations")]
    [InlineData("Archive:Conversations", "", "Archive:Conversations")]
    [InlineData("ArchiveSchedule", "", "ArchiveSchedule")]
    [InlineData("ArchiveSchedule", "nightly", "ArchiveSchedule")]
    public async Task A_function_app_with_invalid_nightly_settings_is_unready_and_names_one(string setting, string value, string named)
    {
        ApiHost host = await NightlyAsync([new(setting, value)]);

        using HttpResponseMessage ready = await host.Client.GetAsync("/api/health/ready", Cancellation);

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ReadAsync(ready)).GetProperty("checks").GetProperty("settings").GetString().ShouldBe($"Correct {named} on the server. The server's log says how.");
        host.Log.Problems.ShouldContain(p => p.Contains($"{named}"));
    }

    [Fact]
    public async Task A_function_app_with_valid_nightly_settings_is_ready()
    {
        ApiHost host = await NightlyAsync([]);

        using HttpResponseMessage ready = await host.Client.GetAsync("/api/health/ready", Cancellation);

        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, InlineData(""), InlineData("a key")]
    public async Task An_export_that_cannot_be_carried_out_is_refused(string key)
    {
        ApiHost host = await AnotherAsync(Store, settings: [new("Kapso:ApiKey", key)]);

        using HttpContent content = Json(Export);
        using HttpResponseMessage answer = await host.Client.PostAsync("/api/exports", content, Cancellation);

        JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "misconfigured");
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldStartWith("Correct Kapso:ApiKey on the server");
        host.Queue.Messages.ShouldBeEmpty();
    }

    private Task<ApiHost> NightlyAsync(KeyValuePair<string, string?>[] settings) =>
        AnotherAsync(Store, needsNight: true, settings: [new("Archive:Conversations", "all"), new("ArchiveSchedule", "0 0 2 * * *"), .. settings]);

    [Fact]
    public async Task A_readiness_check_is_cached_for_five_seconds()
    {
        var time = new FakeTimeProvider();
        ApiHost host = await AnotherAsync(Store, time);
        (await host.Client.GetAsync("/api/health/ready", Cancellation)).Dispose();
        host.Queue.OnPrepare = _ => throw new StoreException("The queue https://account.invalid/secret is gone.");

        using HttpResponseMessage early = await host.Client.GetAsync("/api/health/ready", Cancellation);
        time.Advance(TimeSpan.FromSeconds(5));
        using HttpResponseMessage late = await host.Client.GetAsync("/api/health/ready", Cancellation);

        early.StatusCode.ShouldBe(HttpStatusCode.OK);
        late.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await late.Content.ReadAsStringAsync(Cancellation)).ShouldBe("""{"status":"unready","checks":{"settings":"ok","store":"ok","queue":"The queue cannot be reached. The server\u0027s log says why."}}""");
        host.Queue.Prepared.ShouldBe(2);
        host.Log.Problems.ShouldHaveSingleItem().ShouldContain("account.invalid");
    }

    [Fact]
    public async Task A_silent_queue_is_waited_for_at_most_five_seconds()
    {
        var time = new FakeTimeProvider();
        ApiHost host = await AnotherAsync(Store, time);
        var asked = new TaskCompletionSource();
        host.Queue.OnPrepare = _ =>
        {
            asked.SetResult();
            return new TaskCompletionSource().Task;
        };

        Task<HttpResponseMessage> asking = host.Client.GetAsync("/api/health/ready", Cancellation);
        await asked.Task;
        while (!asking.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(10, Cancellation);
        }

        using HttpResponseMessage answer = await asking;
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ReadAsync(answer)).GetProperty("checks").GetProperty("queue").GetString().ShouldBe("The queue does not answer within 5 seconds.");
    }

    [Fact]
    public async Task A_client_that_disconnects_causes_no_error()
    {
        var asked = new TaskCompletionSource();
        Host.Queue.OnPrepare = async cancellationToken =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        };
        using var impatience = new CancellationTokenSource();

        Task<HttpResponseMessage> asking = Client.GetAsync("/api/health/ready", impatience.Token);
        await asked.Task;
        await impatience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking);
        Host.Log.Entries.ShouldAllBe(e => e.Level < LogLevel.Error);
    }
}
