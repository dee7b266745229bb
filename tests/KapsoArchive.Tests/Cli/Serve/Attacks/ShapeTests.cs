using KapsoArchive.Tests.Cli.Serve.Browser;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>Keys, hosts, paths and ranges in shapes that no client sends by mistake, byte for byte.</summary>
public sealed class ShapeTests : PageTest
{
    private const string OtherKey = "second-key-0123456789abcdef";

    public static TheoryData<string, string> WrongKeys => new()
    {
        { "", $"Authorization: Bearer {Key}" }, { "", $"Authorization: ApiKey {Key}" }, { "", $"Authorization: Basic {Key}" },
        { "", $"Cookie: code={Key}" }, { "", $"x-functions-keys: {Key}" }, { "", $"x_functions_key: {Key}" },
        { "", $"x-functions-key: {Key},{Key}" }, { "", $"x-functions-key: {Key}\r\nx-functions-key: {Key}" },
        { "", $"x-functions-key: {Key}\r\nx-functions-key: {OtherKey}" }, { "", $"x-functions-key: \"{Key}\"" },
        { "", $"x-functions-key: {Key}\0" }, { "", $"x-functions-key: wrong\r\nX-API-Key: {Key}" },
        { "", $"X: y\r\n x-functions-key: {Key}" }, { "", $"x-functions-key : {Key}" }, { "", $"Referer: http://localhost/?code={Key}" },
        { $"?code={Key}&code={Key}", "X: y" }, { $"?code[]={Key}", "X: y" }, { $"?x=&amp;code={Key}", "X: y" },
        { $"?x=%26code={Key}", "X: y" }, { $"%3Fcode={Key}", "X: y" },
        { $"?code={Key}%00", "X: y" }, { $"?code=%20{Key}", "X: y" }, { $"?code={Key}+", "X: y" }, { $";code={Key}", "X: y" },
        { $"?code=", "X: y" }, { $"?code={Key}", "x-functions-key: wrong" },
    };

    public static TheoryData<string, string> Hosts => new()
    {
        { "evil.example", "/api/exports" }, { "localhost.evil.example", "/api/exports" },
        { "127.0.0.1.evil.example:5081", "/api/exports" }, { "localhost.", "/api/exports" }, { "127.1", "/api/exports" },
        { "2130706433", "/api/exports" },
        { "0.0.0.0", "/api/exports" }, { "127.0.0.2", "/api/exports" }, { "[::ffff:127.0.0.1]", "/api/exports" },
        { "[::]", "/api/exports" }, { "localhost@evil.example", "/api/exports" }, { "evil.example#localhost", "/api/exports" },
        { "localhost, evil.example", "/api/exports" }, { "localhost evil.example", "/api/exports" }, { "localhost:80:80", "/api/exports" },
        { "localhost:x", "/api/exports" }, { "*", "/api/exports" },
        { "localhost\r\nHost: evil.example", "/api/exports" }, { "localhost", "http://evil.example/api/exports" },
        { "evil.example", "http://localhost/api/exports" }, { "evil.example\r\nX-Forwarded-Host: localhost", "/api/exports" },
        { "evil.example\r\nForwarded: host=localhost", "/api/exports" }, { "evil.example", "/" }, { "evil.example", "/api/health/live" },
    };

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public async Task A_key_in_another_form_gives_no_access(string query, string header)
    {
        await using ServeHost server = await StartAsync($"{Key},{OtherKey}");

        string answer = await SendAsync(server,
            $"POST /api/runs{query} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n{header}\r\n\r\n");

        StatusOf(answer).ShouldBeOneOf(400, 401);
        (await server.RunsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("x-functions-key: " + Key)]
    [InlineData("X-FUNCTIONS-KEY:" + Key)]
    [InlineData("x-functions-key:\t " + Key + " \t")]
    [InlineData("x-functions-key: \r\nX-API-Key: " + Key)]
    public async Task A_valid_key_is_accepted_in_every_form_that_HTTP_allows(string header)
    {
        await using ServeHost server = await StartAsync();

        StatusOf(await SendAsync(server,
            $"GET /api/runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n\r\n")).ShouldBe(200);
    }

    /// <summary>DNS rebinding: a name of the attacker's own that leads to this machine.</summary>
    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Without_keys_only_local_host_names_reach_the_server(string host, string target)
    {
        await using ServeHost server = await StartAsync("");

        string answer = await SendAsync(server, $"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        StatusOf(answer).ShouldBe(400, answer);
        answer.ShouldNotContain("\"items\"");
    }

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task No_path_escapes_the_files_of_an_export(int seed)
    {
        const string Secret = "what nobody may read";
        await using ServeHost server = await StartAsync("", null, new KeyValuePair<string, string?>("Api:RequestsPerMinute", "1000000"));
        (string id, string path, _) = await ExportAsync(server);
        string lake = Folder.File("lake");
        foreach (string place in (string[])[lake, Path.Combine(lake, "_state"), Path.Combine(lake, "exports"),
            Path.Combine(lake, "exports", id)])
            await File.WriteAllTextAsync(Path.Combine(place, "secret.txt"), Secret, Cancellation);
        string[] ups = ["..", "%2e%2e", "%2E.", "..%2f", "..%5c", "..%00", "%252e%252e", "%c0%ae%c0%ae", "....", "..;", ".%0d.", "\\..",
            "%5c.."];
        string[] ends = ["secret.txt", "_state/secret.txt", "etc/passwd", $"exports/{id}/secret.txt"];
        string[] begins = ["", "messages_csv/", "manifest.json/", "/", "./", "%2f", $"{path}/"];

        string[] attempts =
        [
            .. from prefix in (string[])["/api/exports", "/exports"]
            from begin in begins
            from up in ups
            from end in ends
            from way in (string[])[up, $"{up}/{up}", $"{up}/{up}/{up}/{up}/{up}/{up}"]
            select $"{prefix}/{id}/files/{begin}{way}/{end}",
        ];

        new Random(seed).Shuffle(attempts);
        foreach (string attempt in attempts.Take(Samples.Count(300, attempts.Length)))
        {
            string answer = await SendAsync(server, $"GET {attempt} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            StatusOf(answer).ShouldBeOneOf(400, 404);
            answer.ShouldNotContain(Secret, customMessage: attempt);
            answer.ShouldNotContain("root:", customMessage: attempt);
        }
    }

    [Theory]
    [InlineData("bytes=0-0", 206, 0, 1)]
    [InlineData("bytes=0-", 206, 0, -1)]
    [InlineData("bytes=5-9", 206, 5, 5)]
    [InlineData("bytes=-5", 206, -5, 5)]
    [InlineData("bytes=-99999999999", 206, 0, -1)]
    [InlineData("bytes=5-99999999999", 206, 5, -1)]
    [InlineData("bytes=-0", 416, 0, 0)]
    [InlineData("bytes=99999999999-", 416, 0, 0)]
    [InlineData("bytes=99999999999999999999-", 200, 0, -1)]
    [InlineData("bytes=5-2", 200, 0, -1)]
    [InlineData("bytes=a-b", 200, 0, -1)]
    [InlineData("bytes=--5", 200, 0, -1)]
    [InlineData("bytes=0x0-5", 200, 0, -1)]
    [InlineData("bytes=", 200, 0, -1)]
    [InlineData("bytes=0-0,2-3", 200, 0, -1)]
    [InlineData("MANY", 200, 0, -1)]
    [InlineData("bytes=0-0\r\nRange: bytes=2-3", 200, 0, -1)]
    [InlineData("bytes=5-9\r\nIf-Range: \"another\"", 200, 0, -1)]
    [InlineData("bytes=5-9\r\nIf-Range: W/\"another\"", 200, 0, -1)]
    public async Task A_range_returns_its_bytes_or_the_whole_file(string range, int status, int from, int length)
    {
        await using ServeHost server = await StartAsync("");
        (string id, string path, byte[] whole) = await ExportAsync(server);
        if (range == "MANY")
            range = $"bytes={string.Join(',', Enumerable.Range(0, 500).Select(i => $"{i}-{i}"))}";
        int start = from < 0 ? whole.Length + from : from;
        byte[] wanted = whole[start..(length < 0 ? whole.Length : start + length)];

        string answer = await SendAsync(server,
            $"GET /api/exports/{id}/files/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nRange: {range}\r\n\r\n");

        StatusOf(answer).ShouldBe(status, answer);
        int head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (status != 416)
            answer[head..].ShouldBe(System.Text.Encoding.Latin1.GetString(wanted));
        else
            answer.ShouldContain($"Content-Range: bytes */{whole.Length}\r\n");
        if (status == 206)
            answer.ShouldContain($"Content-Range: bytes {start}-{start + wanted.Length - 1}/{whole.Length}\r\n");
    }

    private async Task<(string Id, string Path, byte[] Content)> ExportAsync(ServeHost server)
    {
        var caller = new ExportCaller(server.Http);
        string id = (string)(await caller.CreateAsync(new
        {
            conversations = (string[])[Sandbox.Data.Conversations[0].Id],
            formats = (string[])["csv"]
        })).Body["id"]!;
        string path = (string)(await caller.EndAsync(id))["result"]!["files"]!.AsArray().Single(f =>
            (string)f!["dataset"]! == "messages_csv")!["path"]!;
        return (id, path, await File.ReadAllBytesAsync(Path.Combine(Folder.File("lake"), "exports", id, path), Cancellation));
    }

    private static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3)) : 0;

    private static Task<string> SendAsync(ServeHost server, string request) =>
        RawCall.SendAsync(server.Http.BaseAddress!, request, Cancellation);
}
