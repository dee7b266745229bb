using System.Globalization;
using System.Net;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Api;

/// <summary>Whatever anybody sends: a plain answer, and a store as it was.</summary>
public sealed class MalformedRequestTests : ApiTest
{
    private const string RequestsVariable = "KAPSO_ARCHIVE_REQUESTS";
    private const int DefaultRequests = 1_000;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO", "get", "PROPFIND", "X-Y"];

    private static readonly string[] PathTokens =
    [
        "..", "../", "/..", "%2e%2e", "%2F", "%5C", "\\", "%00", "%0a", "%0d%0aX: y", "%ff", "%", "%zz", "%u0041", "//", "/", ";", "?", "&", "#", "?limit=0", "?limit=99999999999999999999", "&limit=1&limit=2", "?before=..",
        "?code=x", "*", "'", "\"", "<>", "{id}", "_state", "manifest.json", "é", "20261122T020000Z-1a2b3c4d", "00000000T000000Z-00000000", "99999999T999999Z-ffffffff", "http://localhost/", ":", "@", "~", " ",
    ];

    private static readonly string[] Headers =
    [
        "Operation-Id: a", "Operation-Id: ", "Operation-Id: a b", "Operation-Id: \x7f", "Operation-Id: op", "Operation-Id: " + new string('x', 129), "Content-Type: text/plain", "Content-Type: application/json; charset=utf-16",
        "Content-Type: ;;;", "Content-Type: application/json, application/json", "Content-Encoding: gzip", "Content-Length: 0", "Content-Length: 5", "Content-Length: -1", "Content-Length: 99999999999", "Content-Length: x",
        "Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Range: bytes=0-0", "Range: bytes=-1", "Range: bytes=5-2", "Range: bytes=99999999999-", "Range: bytes=0-1,3-4", "Range: lines=1", "If-None-Match: *", "If-None-Match: \"",
        "If-Range: x", "If-Match: \"a\"", "If-Modified-Since: yesterday", "Host: ", "Host: a\\b", "Cookie: \x01", "X-Forwarded-Prefix: //evil", "X-HTTP-Method-Override: DELETE", "Accept: nothing/at-all", "no colon", ": empty", "\x00: y",
    ];

    private static readonly string[] BodyTokens =
    [
        "null", "true", "0", "-1", "1e999", "1" + new string('0', 400), "\"\"", "\"all\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[[]]", "[null]", "\"from\":5", ",\"to\":\"9999-12-31T23:59:59-14:00\"", "\"0001-01-01T00:00:00+14:00\"",
        "\"2026-02-30T00:00:00Z\"", "\"formats\":[\"csv\"],", "\"conversations\":[\"a\"],", "\"formats\":null,", "\"__proto__\":{},", ",", "}", "{", "]", "\"", "\\", "\uFEFF", "\0", "//", "/*", "é", "\u2028", new string('[', 2_000), new string(' ', 5_000),
        "\"" + new string('a', 3_000) + "\"", "\"../..\"", "\"_state\"",
    ];

    [Fact]
    public async Task Every_request_gets_an_answer_and_changes_nothing_unless_accepted()
    {
        string done = await ExportAsync("""{"conversations": "all", "formats": ["csv"]}""");
        using HttpResponseMessage started = await Client.PostAsync("/api/runs", content: null, Cancellation);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Host.WorkAsync();
        using HttpResponseMessage waiting = await PostExportAsync("""{"conversations": ["a"]}""", "op");
        string file = (await GetAsync($"/api/exports/{done}")).GetProperty("result").GetProperty("files")[0].GetProperty("url").GetString()!;
        IReadOnlyDictionary<string, byte[]> before = Files();
        int accepted = 0;
        int refused = 0;

        await Requests(done, file, waiting.Headers.Location!.OriginalString, started.Headers.Location!.OriginalString).SampleAsync(
            async request =>
            {
                byte[] bytes = Bytes(request);
                string answer = await Host.SendRawAsync(bytes, Cancellation);
                int status = ApiHost.StatusOf(answer);
                if (status != (int)HttpStatusCode.HttpVersionNotSupported) // The web server's own answer to a request line that names another HTTP.
                    status.ShouldBeLessThan(500, Shown(bytes, answer));
                if (status == 202)
                {
                    accepted++;
                    Restore(before);
                    return;
                }

                refused += status >= 400 ? 1 : 0;
                string[] changed = Changed(before);
                changed.ShouldBeEmpty(Shown(bytes, answer));
            },
            iter: Iterations(), threads: 1);

        Host.Log.Entries.Where(e => e.Level >= LogLevel.Error).ShouldBeEmpty();
        refused.ShouldBeGreaterThan(Iterations() / 5, "the requests are malformed");
        accepted.ShouldBeGreaterThan(0, "some of them are not");
    }

    private static int Iterations() => int.TryParse(Environment.GetEnvironmentVariable(RequestsVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int requests) ? requests : DefaultRequests;

    private static Gen<Request> Requests(string export, string file, string waiting, string run)
    {
        const string Body = """{"conversations": ["a", "b"], "from": "2026-01-01T00:00:00Z", "to": null, "formats": ["csv", "parquet"]}""";
        Request[] valid =
        [
            new("POST", "/api/exports", "Content-Type: application/json\r\n", Body), new("POST", "/api/exports", "Content-Type: application/json\r\nOperation-Id: op\r\n", """{"conversations": ["a"]}"""),
            new("POST", "/api/exports", "Content-Type: application/json\r\n", Body), new("GET", "/api/exports?limit=5", "", ""), new("GET", $"/api/exports/{export}", "", ""), new("DELETE", $"/api/exports/{export}", "", ""),
            new("GET", file, "", ""), new("GET", $"/api/exports/{export}/files/manifest.json", "", ""), new("DELETE", waiting, "", ""), new("GET", $"{waiting}/files/manifest.json", "", ""), new("POST", "/api/runs", "", ""),
            new("GET", "/api/runs", "", ""), new("GET", run, "", ""), new("GET", "/api/snapshots/latest", "", ""), new("GET", "/api/health/ready", "", ""), new("GET", "/api/openapi.json", "", ""),
        ];
        Gen<string> noise = Gen.Byte.Array[0, 12].Select(Encoding.Latin1.GetString);
        Gen<Func<Request, Request>> change = Gen.Frequency(
            (1, Pick(Methods).Select(method => (Func<Request, Request>)(r => r with { Method = method }))),
            (3, Gen.Select(Gen.Double[0, 1], Gen.Int[0, 6], Gen.Frequency((6, Pick(PathTokens)), (1, noise))).Select((at, length, token) => (Func<Request, Request>)(r => r with { Target = Splice(r.Target, at, length, token) }))),
            (2, Gen.Frequency((6, Pick(Headers)), (1, noise)).Select(header => (Func<Request, Request>)(r => r with { Head = $"{r.Head}{header}\r\n" }))),
            (4, Gen.Select(Gen.Double[0, 1], Gen.Int[0, 12], Gen.Frequency((6, Pick(BodyTokens)), (1, noise))).Select((at, length, token) => (Func<Request, Request>)(r => r with { Body = Splice(r.Body, at, length, token) }))));
        return Gen.Select(Pick(valid), change.Array[0, 4]).Select((request, changes) => changes.Aggregate(request, (r, c) => c(r)));
    }

    private static Gen<T> Pick<T>(T[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    private static string Splice(string text, double at, int length, string token)
    {
        int start = (int)(at * text.Length);
        return text[..start] + token + text[Math.Min(text.Length, start + length)..];
    }

    private static byte[] Bytes(Request request)
    {
        byte[] body = Encoding.UTF8.GetBytes(request.Body);
        string length = body.Length > 0 && !request.Head.Contains("Content-Length", StringComparison.Ordinal) && !request.Head.Contains("Transfer-Encoding", StringComparison.Ordinal)
            ? $"Content-Length: {body.Length}\r\n" : "";
        return [.. Encoding.UTF8.GetBytes($"{request.Method} {request.Target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{length}{request.Head}\r\n"), .. body];
    }

    private static string Shown(byte[] request, string answer) => $"{Encoding.Latin1.GetString(request)}\n---\n{answer[..Math.Min(answer.Length, 1_000)]}";

    private string[] Changed(IReadOnlyDictionary<string, byte[]> before)
    {
        IReadOnlyDictionary<string, byte[]> now = Files();
        return [.. now.Keys.Union(before.Keys).Where(name => !now.TryGetValue(name, out byte[]? found) || !before.TryGetValue(name, out byte[]? was) || !found.AsSpan().SequenceEqual(was))];
    }

    private void Restore(IReadOnlyDictionary<string, byte[]> before)
    {
        foreach (string name in Changed(before))
        {
            string path = Path.Combine(Folder, name);
            if (before.TryGetValue(name, out byte[]? was))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, was);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    private sealed record Request(string Method, string Target, string Head, string Body);
}
