using System.Net;
using System.Text.Json;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Tests.Api;

/// <summary>An export from its request to its end, as a client sees it.</summary>
public class ExportLifeTests : ApiTest
{
    private const string All = """{"conversations": "all"}""";

    [Fact]
    public async Task An_accepted_export_can_be_polled_until_its_files_are_ready()
    {
        using HttpResponseMessage accepted = await PostExportAsync("""{"conversations": "all", "from": "2020-01-01T01:00:00+01:00", "formats": ["csv", "parquet", "csv"]}""");

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        JsonElement begun = await ReadAsync(accepted);
        string id = begun.GetProperty("id").GetString()!;
        string location = accepted.Headers.Location!.OriginalString;
        location.ShouldBe($"/api/exports/{id}");
        accepted.Headers.GetValues("Operation-Location").ShouldBe([location]);
        accepted.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        begun.EnumerateObject().Select(m => m.Name).ShouldBe(
            ["id", "kind", "status", "createdAt", "startedAt", "finishedAt", "cancelRequested", "request", "progress", "error", "result", "expired"], ignoreOrder: true);
        (begun.GetProperty("kind").GetString(), begun.GetProperty("status").GetString()).ShouldBe(("export", "NotStarted"));
        begun.GetProperty("createdAt").GetString().ShouldNotBeNull().ShouldEndWith("Z");
        begun.GetProperty("request").GetRawText().ShouldBe("""{"conversations":"all","listed":null,"from":"2020-01-01T00:00:00Z","to":null,"formats":["csv","parquet"],"full":true}""");
        begun.GetProperty("progress").GetRawText().ShouldBe("""{"conversations":{"done":0,"failed":0,"total":null},"messages":0,"requests":0,"throttled":0,"estimatedCompletion":null}""");
        foreach (string name in (string[])["startedAt", "finishedAt", "error", "result"])
            begun.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Null, name);
        begun.GetProperty("expired").GetBoolean().ShouldBeFalse();
        (await Door.MessagesAsync()).ShouldBe([new RunMessage(id, RunKind.Export)]);

        using HttpResponseMessage waiting = await Client.GetAsync(location, Cancellation);
        waiting.StatusCode.ShouldBe(HttpStatusCode.OK);
        waiting.Headers.RetryAfter.ShouldNotBeNull();
        waiting.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await waiting.Content.ReadAsStringAsync(Cancellation)).ShouldBe(begun.GetRawText());

        await Door.WorkAsync();

        using HttpResponseMessage done = await Client.GetAsync(location, Cancellation);
        done.Headers.RetryAfter.ShouldBeNull();
        JsonElement status = await ReadAsync(done);
        status.GetProperty("status").GetString().ShouldBe("Succeeded");
        status.GetProperty("finishedAt").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(status.GetProperty("startedAt").GetDateTimeOffset());
        status.GetProperty("progress").GetProperty("messages").GetInt64().ShouldBe(60);
        status.GetProperty("progress").GetProperty("conversations").GetRawText().ShouldBe("""{"done":3,"failed":0,"total":3}""");
        JsonElement result = status.GetProperty("result");
        result.GetProperty("manifest").GetString().ShouldBe($"/api/exports/{id}/files/manifest.json");
        result.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("dataset").GetString()).ShouldBe(["conversations", "conversations_csv", "messages", "messages_csv"], ignoreOrder: true);
        foreach (JsonElement file in result.GetProperty("files").EnumerateArray())
            file.GetProperty("url").GetString().ShouldBe($"/api/exports/{id}/files/{file.GetProperty("path").GetString()}");
        Door.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_export_of_the_archive_asks_Kapso_nothing_and_is_another_export_than_one_from_Kapso()
    {
        using HttpResponseMessage night = await Client.PostAsync("/api/runs", null, Cancellation);
        night.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Door.WorkAsync();
        long before = Sandbox.RequestCount;

        using HttpResponseMessage accepted = await PostExportAsync("""{"conversations": "all", "formats": ["jsonl"], "source": "archive"}""", "archived");
        using HttpResponseMessage other = await PostExportAsync("""{"conversations": "all", "formats": ["jsonl"]}""", "archived");
        await Door.WorkAsync();

        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        JsonElement status = await GetAsync(accepted.Headers.Location!.OriginalString);
        status.GetProperty("status").GetString().ShouldBe("Succeeded");
        status.GetProperty("progress").GetRawText().ShouldBe("""{"conversations":{"done":3,"failed":0,"total":3},"messages":60,"requests":0,"throttled":0,"estimatedCompletion":null}""");
        Sandbox.RequestCount.ShouldBe(before);
        Door.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("20261122T020000Z-1a2b3c4d")]
    [InlineData("nonsense")]
    [InlineData("20261122T020000Z-1A2B3C4D")]
    [InlineData("..%2f..%2flatest")]
    public async Task A_missing_export_is_not_found(string id)
    {
        using HttpResponseMessage get = await Client.GetAsync($"/api/exports/{id}", Cancellation);
        using HttpResponseMessage delete = await Client.DeleteAsync($"/api/exports/{id}", Cancellation);
        using HttpResponseMessage file = await Client.GetAsync($"/api/exports/{id}/files/manifest.json", Cancellation);

        await ShouldBeProblemAsync(get, HttpStatusCode.NotFound, "not-found");
        await ShouldBeProblemAsync(delete, HttpStatusCode.NotFound, "not-found");
        await ShouldBeProblemAsync(file, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_same_request_with_the_same_operation_id_is_the_same_export()
    {
        using HttpResponseMessage first = await PostExportAsync("""{"conversations": ["a", "b"], "formats": ["csv", "jsonl"]}""", "op-1");
        using HttpResponseMessage again = await PostExportAsync("""{"formats": ["jsonl", "csv"], "conversations": ["b", "a", "b"]}""", "op-1");

        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        (await again.Content.ReadAsStringAsync(Cancellation)).ShouldBe(await first.Content.ReadAsStringAsync(Cancellation));
        Files().Keys.Where(f => f.EndsWith("run.json", StringComparison.Ordinal)).Count().ShouldBe(1);
        Files().Keys.Where(f => f.StartsWith("_state/exports/", StringComparison.Ordinal)).Count().ShouldBe(1);
    }

    [Fact]
    public async Task The_same_request_after_the_export_has_ended_finds_it_with_its_result()
    {
        using HttpResponseMessage first = await PostExportAsync(All, "op-1");
        await Door.WorkAsync();

        using HttpResponseMessage again = await PostExportAsync(All, "op-1");

        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        again.Headers.RetryAfter.ShouldBeNull();
        (await ReadAsync(again)).GetProperty("result").ValueKind.ShouldBe(JsonValueKind.Object);
        (await Door.MessagesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_different_request_with_the_same_operation_id_is_refused()
    {
        using HttpResponseMessage first = await PostExportAsync("""{"conversations": ["a"]}""", "op-1");
        using HttpResponseMessage other = await PostExportAsync("""{"conversations": ["b"]}""", "op-1");

        await ShouldBeProblemAsync(other, HttpStatusCode.Conflict, "operation-conflict");
        other.Headers.Location.ShouldBe(first.Headers.Location);
    }

    [Fact]
    public async Task The_same_request_sent_many_times_at_once_is_one_export()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostExportAsync(All, "op-1")));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Accepted);
        answers.Select(a => a.Headers.Location!.OriginalString).Distinct().Count().ShouldBe(1);
        await Door.WorkAsync();
        Directory.GetDirectories(Path.Combine(Folder, "exports")).Length.ShouldBe(1);
        Array.ForEach(answers, a => a.Dispose());
    }

    [Fact]
    public async Task Without_an_operation_id_every_request_is_a_new_export()
    {
        using HttpResponseMessage first = await PostExportAsync(All);
        using HttpResponseMessage second = await PostExportAsync(All);

        second.Headers.Location.ShouldNotBe(first.Headers.Location);
    }

    [Fact]
    public async Task A_waiting_export_is_cancelled_and_leaves_nothing()
    {
        using HttpResponseMessage begun = await PostExportAsync(All);

        using HttpResponseMessage canceled = await Client.DeleteAsync(begun.Headers.Location, Cancellation);

        canceled.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        canceled.Headers.Location.ShouldBe(begun.Headers.Location);
        canceled.Headers.RetryAfter.ShouldBeNull("nobody has begun it, so it has ended");
        JsonElement answered = await ReadAsync(canceled);
        (answered.GetProperty("cancelRequested").GetBoolean(), answered.GetProperty("status").GetString()).ShouldBe((true, "Canceled"));
        await Door.WorkAsync();
        JsonElement status = await GetAsync(begun.Headers.Location!.OriginalString);
        status.GetProperty("status").GetString().ShouldBe("Canceled");
        status.GetProperty("error").GetProperty("code").GetString().ShouldBe("canceled");
        Directory.Exists(Path.Combine(Folder, "exports")).ShouldBeTrue();
        Directory.GetFileSystemEntries(Path.Combine(Folder, "exports")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_ended_export_cannot_be_cancelled()
    {
        string id = await ExportAsync();

        using HttpResponseMessage answer = await Client.DeleteAsync($"/api/exports/{id}", Cancellation);

        await ShouldBeProblemAsync(answer, HttpStatusCode.Conflict, "ended");
    }

    [Fact]
    public async Task An_export_whose_files_were_deleted_has_expired()
    {
        string id = await ExportAsync();
        Directory.Delete(Path.Combine(Folder, "exports", id), recursive: true);

        JsonElement status = await GetAsync($"/api/exports/{id}");
        using HttpResponseMessage file = await Client.GetAsync($"/api/exports/{id}/files/manifest.json", Cancellation);

        status.GetProperty("status").GetString().ShouldBe("Succeeded");
        status.GetProperty("expired").GetBoolean().ShouldBeTrue();
        status.GetProperty("result").ValueKind.ShouldBe(JsonValueKind.Null);
        await ShouldBeProblemAsync(file, HttpStatusCode.NotFound, "expired");
    }

    [Fact]
    public async Task A_missing_conversation_is_reported_in_the_status()
    {
        string id = await ExportAsync($$"""{"conversations": ["{{Sandbox.Data.Conversations[0].Id}}", "3c90c3cc-0d44-4b50-8888-8dd25736052a"]}""");

        JsonElement status = await GetAsync($"/api/exports/{id}");

        status.GetProperty("status").GetString().ShouldBe("PartiallySucceeded");
        status.GetProperty("progress").GetProperty("conversations").GetRawText().ShouldBe("""{"done":2,"failed":1,"total":2}""");
        status.GetProperty("request").GetProperty("listed").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Exports_are_listed_page_by_page_newest_first_and_each_once()
    {
        for (int i = 0; i < 7; i++)
            (await PostExportAsync(All)).Dispose();

        List<string> listed = [];
        for (string? next = "/api/exports?limit=3"; next is not null;)
        {
            JsonElement page = await GetAsync(next);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            page.GetProperty("items").EnumerateArray().SelectMany(item => item.EnumerateObject()).ShouldAllBe(member => member.Name != "result" && member.Name != "expired");
            next = page.GetProperty("next").GetString();
            next?.ShouldStartWith("/api/exports?limit=3&before=");
        }

        listed.Count.ShouldBe(7);
        listed.ShouldBe(listed.Distinct().OrderDescending(StringComparer.Ordinal));
        (await GetAsync("/api/exports")).GetProperty("items").GetArrayLength().ShouldBe(7);
    }

    [Theory]
    [InlineData("exports")]
    [InlineData("runs")]
    public async Task An_empty_list_has_no_next_page(string list) => (await GetAsync($"/api/{list}")).GetRawText().ShouldBe("""{"items":[],"next":null}""");

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=5&limit=6", "limit")]
    [InlineData("before=yesterday", "before")]
    [InlineData("before=", "before")]
    [InlineData("before=../../x", "before")]
    public async Task Invalid_paging_parameters_are_refused(string query, string field)
    {
        foreach (string list in (string[])["exports", "runs"])
        {
            using HttpResponseMessage answer = await Client.GetAsync($"/api/{list}?{query}", Cancellation);
            await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest, "bad-parameter", field);
        }
    }

    [Fact]
    public async Task The_end_is_estimated_from_the_progress()
    {
        using HttpResponseMessage begun = await PostExportAsync(All);
        string id = (await ReadAsync(begun)).GetProperty("id").GetString()!;
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await new ProgressDocuments(Store, RunKind.Export).UpdateAsync(
            id,
            record => record! with { Status = RunStatus.Running, StartedAt = now.AddMinutes(-10), UpdatedAt = now, Progress = new ProgressCounts(new ProgressConversations(1, 0, 4), 5, 2, 0) },
            Cancellation);

        JsonElement progress = (await GetAsync($"/api/exports/{id}")).GetProperty("progress");

        progress.GetProperty("estimatedCompletion").GetDateTimeOffset().ShouldBe(now.AddMinutes(30), TimeSpan.FromSeconds(1));
    }
}
