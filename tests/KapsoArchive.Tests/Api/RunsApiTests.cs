using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Api;

/// <summary>Runs and snapshots, as a client sees them.</summary>
public class RunsApiTests : ApiTest
{
    [Fact]
    public async Task The_nightly_run_starts_and_can_be_polled_to_its_end()
    {
        using HttpResponseMessage accepted = await StartAsync();

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        JsonElement begun = await ReadAsync(accepted);
        string id = begun.GetProperty("id").GetString()!;
        accepted.Headers.Location!.OriginalString.ShouldBe($"/api/runs/{id}");
        accepted.Headers.GetValues("Operation-Location").ShouldBe([$"/api/runs/{id}"]);
        accepted.Headers.RetryAfter.ShouldNotBeNull();
        (begun.GetProperty("kind").GetString(), begun.GetProperty("status").GetString()).ShouldBe(("archive", "NotStarted"));
        using HttpResponseMessage waiting = await Client.GetAsync($"/api/runs/{id}", Cancellation);
        waiting.Headers.RetryAfter.ShouldNotBeNull();

        await Door.WorkAsync();

        using HttpResponseMessage done = await Client.GetAsync($"/api/runs/{id}", Cancellation);
        done.Headers.RetryAfter.ShouldBeNull();
        JsonElement status = await ReadAsync(done);
        status.GetProperty("status").GetString().ShouldBe("Succeeded");
        status.GetProperty("progress").GetProperty("messages").GetInt64().ShouldBe(60);
        status.GetProperty("request").GetProperty("formats").GetRawText().ShouldBe("""["parquet","jsonl"]""");
        status.GetProperty("result").GetProperty("manifest").GetString().ShouldBe($"_manifests/{id}.json");
        JsonElement[] files = [.. status.GetProperty("result").GetProperty("files").EnumerateArray()];
        files.Length.ShouldBe(3);
        files.SelectMany(f => f.EnumerateObject()).ShouldAllBe(member => member.Name != "url");
        (await GetAsync("/api/runs")).GetProperty("items").EnumerateArray().Single().GetProperty("id").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task A_run_report_may_run_and_load_nothing()
    {
        string id = await RunAsync();

        using HttpResponseMessage answer = await Client.GetAsync($"/api/runs/{id}/report", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        answer.Content.Headers.ContentDisposition!.ToString().ShouldBe($"inline; filename=\"kapso-archive-{id}.html\"");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Cache-Control").ShouldBe(["no-store"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldMatch("^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$");
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("All 3 conversations are complete");
    }

    [Theory]
    [InlineData("20261122T020000Z-1a2b3c4d")]
    [InlineData("..%2F..%2Flatest")]
    public async Task A_missing_run_has_no_report(string id)
    {
        using HttpResponseMessage answer = await Client.GetAsync($"/api/runs/{id}/report", Cancellation);

        await ShouldBeProblemAsync(answer, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_run_without_a_status_document_is_reported_from_its_manifest()
    {
        string id = await RunAsync();
        JsonElement before = await GetAsync($"/api/runs/{id}");
        File.Delete(Path.Combine(Folder, "_state", "runs", $"{id}.json"));

        JsonElement after = await GetAsync($"/api/runs/{id}");

        after.GetProperty("status").GetString().ShouldBe("Succeeded");
        after.GetProperty("progress").GetRawText().ShouldBe(before.GetProperty("progress").GetRawText());
        after.GetProperty("result").GetRawText().ShouldBe(before.GetProperty("result").GetRawText());
    }

    /// <remarks>The record follows the manifest, and never does if the worker dies between both.</remarks>
    [Fact]
    public async Task The_progress_of_a_committed_run_is_never_that_of_a_moment_before()
    {
        string id = await RunAsync();
        JsonElement before = await GetAsync($"/api/runs/{id}");
        string file = Path.Combine(Folder, "_state", "runs", $"{id}.json");
        JsonObject record = JsonNode.Parse(await File.ReadAllBytesAsync(file, Cancellation))!.AsObject();
        (record["status"], record["finished_at"], record["progress"]!["messages"]) = ("Running", null, 7);
        await File.WriteAllTextAsync(file, record.ToJsonString(), Cancellation);

        JsonElement after = await GetAsync($"/api/runs/{id}");
        JsonElement item = (await GetAsync("/api/runs")).GetProperty("items")[0];

        after.GetProperty("status").GetString().ShouldBe("Succeeded");
        after.GetProperty("progress").GetRawText().ShouldBe(before.GetProperty("progress").GetRawText());
        item.GetProperty("progress").GetRawText().ShouldBe(before.GetProperty("progress").GetRawText());
    }

    [Fact]
    public async Task Damage_is_reported_without_its_location()
    {
        string id = await RunAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "_manifests", $"{id}.json"), "{", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(Folder, "_state", "runs", $"{id}.json"), "{", Cancellation);

        JsonElement status = await GetAsync($"/api/runs/{id}");
        JsonElement item = (await GetAsync("/api/runs")).GetProperty("items")[0];

        status.GetProperty("error").GetProperty("code").GetString().ShouldBe("damaged");
        status.GetRawText().ShouldNotContain(Folder);
        item.GetProperty("error").GetProperty("code").GetString().ShouldBe("damaged");
    }

    [Fact]
    public async Task A_second_start_is_refused_and_names_the_run_under_way()
    {
        using HttpResponseMessage first = await StartAsync();

        using HttpResponseMessage second = await StartAsync();

        JsonElement problem = await ShouldBeProblemAsync(second, HttpStatusCode.Conflict, "run-under-way");
        second.Headers.Location.ShouldBe(first.Headers.Location);
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("under way");
    }

    [Fact]
    public async Task A_start_during_a_verification_is_refused_without_the_archives_location()
    {
        await using StoreLock held = await Store.LockAsync(new StorePath(StoreArea.State, "lock"), "a verification", Cancellation);

        using HttpResponseMessage answer = await StartAsync();

        JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.Conflict, "run-under-way");
        answer.Headers.Location.ShouldBeNull();
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("a verification");
        problem.GetRawText().ShouldNotContain(Folder);
    }

    [Fact]
    public async Task A_start_with_a_body_is_refused()
    {
        foreach (string body in (string[])["{}", """{"conversations": ["a"]}""", " "])
        {
            using HttpContent content = Json(body);
            using HttpResponseMessage answer = await Client.PostAsync("/api/runs", content, Cancellation);
            await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest, "bad-request");
        }

        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/runs") { Content = Json("{}"), Headers = { TransferEncodingChunked = true } };
        using HttpResponseMessage refused = await Client.SendAsync(chunked, Cancellation);
        await ShouldBeProblemAsync(refused, HttpStatusCode.BadRequest, "bad-request");
        Files().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("20261122T020000Z-1a2b3c4d")]
    [InlineData("nonsense")]
    [InlineData("..%2f..%2fexports")]
    public async Task A_missing_run_is_not_found(string id)
    {
        using HttpResponseMessage answer = await Client.GetAsync($"/api/runs/{id}", Cancellation);

        await ShouldBeProblemAsync(answer, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Before_the_first_run_there_is_no_snapshot()
    {
        using HttpResponseMessage answer = await Client.GetAsync("/api/snapshots/latest", Cancellation);

        await ShouldBeProblemAsync(answer, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_newest_snapshot_is_the_manifest_byte_for_byte_and_is_sent_once()
    {
        string id = await RunAsync();
        byte[] manifest = await File.ReadAllBytesAsync(Path.Combine(Folder, Layout.Manifest(id)), Cancellation);
        string etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(manifest))}\"";

        using HttpResponseMessage first = await Client.GetAsync("/api/snapshots/latest", Cancellation);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Headers.ETag!.ToString().ShouldBe(etag);
        first.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await first.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(manifest);
        foreach ((string known, HttpStatusCode status) in (IEnumerable<(string, HttpStatusCode)>)
            [(etag, HttpStatusCode.NotModified), ("*", HttpStatusCode.NotModified), ($"W/{etag}", HttpStatusCode.NotModified), ($"\"x\", {etag}", HttpStatusCode.NotModified), ("\"x\"", HttpStatusCode.OK), ("nonsense", HttpStatusCode.OK)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/snapshots/latest");
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
            using HttpResponseMessage answer = await Client.SendAsync(request, Cancellation);
            answer.StatusCode.ShouldBe(status, known);
            answer.Headers.ETag!.ToString().ShouldBe(etag);
        }
    }

    private Task<HttpResponseMessage> StartAsync() => Client.PostAsync("/api/runs", content: null, Cancellation);

    private async Task<string> RunAsync()
    {
        using HttpResponseMessage accepted = await StartAsync();
        await Door.WorkAsync();
        return (await ReadAsync(accepted)).GetProperty("id").GetString()!;
    }
}
