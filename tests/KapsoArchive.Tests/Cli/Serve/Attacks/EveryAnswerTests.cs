using System.Net;
using System.Net.Http.Headers;
using System.Text;
using KapsoArchive.Tests.Cli.Serve.Browser;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>What a browser or a proxy may keep of an answer: nothing, whatever it answers.</summary>
public sealed class EveryAnswerTests : PageTest
{
    [Fact]
    public async Task Every_answer_forbids_caching_and_content_sniffing()
    {
        await using ServeHost server = await StartAsync();
        string file = await ExportAsync(server);
        PageCaller signedIn = await SignedInAsync(server);
        using HttpResponseMessage whole = await SendAsync(server, "GET", file);
        string etag = whole.Headers.ETag!.ToString();
        using HttpResponseMessage begun = await SendAsync(server, "POST", "/api/runs");
        while ((int)(await SendAsync(server, "GET", "/api/snapshots/latest")).StatusCode != 200)
            await Task.Delay(50, Cancellation);
        using HttpResponseMessage snapshot = await SendAsync(server, "GET", "/api/snapshots/latest");
        List<(int, string, string, (string, string)[])> calls =
        [
            (200, "GET", "/api/exports", []), (200, "GET", "/api/openapi.json", []), (200, "GET", "/api/health/live", []),
            (200, "GET", "/api/health/ready", []), (200, "HEAD", "/api/exports", []), (200, "HEAD", file, []),
            (206, "GET", file, [("Range", "bytes=0-4")]), (304, "GET", file, [("If-None-Match", etag)]),
            (416, "GET", file, [("Range", "bytes=999999999-")]),
            (304, "GET", "/api/snapshots/latest", [("If-None-Match", snapshot.Headers.ETag!.ToString())]),
            (400, "GET", "/api/exports?limit=x", []), (404, "GET", "/api/exports/20261122T020000Z-1a2b3c4d", []),
            (404, "GET", "/nothing", []), (404, "HEAD", "/nothing", []), (405, "PUT", "/api/exports", []),
            (405, "OPTIONS", "/api/exports", []),
            (415, "POST", "/api/exports", []), (409, "DELETE", file[..file.IndexOf("/files", StringComparison.Ordinal)], []),
            (401, "GET", "/api/exports", [("x-functions-key", "")]), (401, "HEAD", "/api/exports", [("x-functions-key", "")]),
            (401, "OPTIONS", "/api/exports", [("x-functions-key", "")]),
            (401, "GET", "/", [("x-functions-key", ""), ("Accept", "text/html")]),
            (401, "GET", "/nothing", [("x-functions-key", "")]), (403, "POST", "/sign-in", [("x-functions-key", ""), ("Origin", "null")]),
            (303, "GET", "/sign-in", []), (200, "GET", "/", [("Accept", "text/html")]),
            (404, "GET", "/runs/nothing/report", [("Accept", "text/html")]),
            (200, "GET", "/", [("x-functions-key", ""), ("Cookie", signedIn.Cookie!)]), (405, "GET", "/sign-out", []),
        ];
        List<HttpResponseMessage> answers = [whole, begun, snapshot];
        foreach ((int status, string method, string target, (string, string)[] headers) in calls)
        {
            HttpResponseMessage answer = await SendAsync(server, method, target, headers);
            ((int)answer.StatusCode).ShouldBe(status, $"{method} {target}");
            answers.Add(answer);
        }

        await using ServeHost strict = await StartAsync(Key, null, new("Api:RequestsPerMinute", "1"),
            new("Archive:Destination", Folder.File("strict")));
        do
            answers.Add(await SendAsync(strict, "GET", "/api/exports"));
        while (answers[^1].StatusCode != HttpStatusCode.TooManyRequests);

        foreach (HttpResponseMessage answer in answers)
            ShouldBeGuarded(answer);
    }

    [Fact]
    public async Task Answers_to_unknown_hosts_and_during_store_outages_do_too()
    {
        await using ServeHost server = await StartAsync("");
        Directory.Move(Folder.File("lake"), Folder.File("away"));

        ShouldBeGuarded(await SendAsync(server, "GET", "/api/exports", ("Host", "evil.example")), 400);
        ShouldBeGuarded(await SendAsync(server, "GET", "/api/exports"), 503);
        ShouldBeGuarded(await SendAsync(server, "GET", "/"), 503);
        ShouldBeGuarded(await SendAsync(server, "GET", "/api/health/ready"), 503);
    }

    /// <summary>Kestrel answers these before the program: with a head alone, and the connection ends.</summary>
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("G\0T / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 405)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("LONG", 414)]
    [InlineData("MANY", 431)]
    public async Task An_invalid_HTTP_request_gets_an_answer_without_a_body(string request, int status)
    {
        request = request switch
        {
            "LONG" => $"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "MANY" => $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: y\r\n"))}\r\n",
            _ => request,
        };
        await using ServeHost server = await StartAsync("");

        string answer = await RawCall.SendAsync(server.Http.BaseAddress!, request, Cancellation);

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("Content-Length: 0\r\n");
        answer.ShouldContain("Connection: close\r\n");
        answer.ShouldEndWith("\r\n\r\n");
    }

    private static void ShouldBeGuarded(HttpResponseMessage answer, int? status = null)
    {
        string what = $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri} {(int)answer.StatusCode}";
        if (status is not null)
            ((int)answer.StatusCode).ShouldBe(status.Value, what);
        (answer.Headers.CacheControl?.ToString()).ShouldBe("no-store", what);
        answer.Headers.TryGetValues("X-Content-Type-Options", out IEnumerable<string>? sniffing).ShouldBeTrue(what);
        sniffing.ShouldBe(["nosniff"], what);
        answer.Dispose();
    }

    /// <returns>The address of a file.</returns>
    private async Task<string> ExportAsync(ServeHost server)
    {
        using HttpResponseMessage created = await SendAsync(server, "POST", "/api/exports", body: $$"""{"conversations": ["{{Sandbox.Data.Conversations[0].Id}}"], "formats": ["csv"]}""");
        while (true)
        {
            using HttpResponseMessage status = await SendAsync(server, "GET", created.Headers.Location!.ToString());
            if (System.Text.Json.Nodes.JsonNode.Parse(await status.Content.ReadAsStringAsync(Cancellation))!["result"] is { } result)
                return (string)result["files"]![0]!["url"]!;
            await Task.Delay(50, Cancellation);
        }
    }

    /// <summary>With the key, unless the headers name another.</summary>
    private static Task<HttpResponseMessage> SendAsync(ServeHost server, string method, string target,
        params (string Name, string Value)[] headers) => SendAsync(server, method, target, null, headers);

    private static async Task<HttpResponseMessage> SendAsync(ServeHost server, string method, string target, string? body,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (!request.Headers.NonValidated.Contains("x-functions-key"))
            request.Headers.Add("x-functions-key", Key);
        return await server.Http.SendAsync(request, Cancellation);
    }
}
