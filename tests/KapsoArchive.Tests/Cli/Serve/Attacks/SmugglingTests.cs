using System.Text.RegularExpressions;
using KapsoArchive.Tests.Cli.Serve.Browser;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>What a proxy in front takes for the body of one request is never carried out as another.</summary>
public sealed partial class SmugglingTests : PageTest
{
    private const string Head = $" HTTP/1.1\r\nHost: localhost\r\nx-functions-key: {Key}\r\n";
    private const string Smuggled = $"POST /api/runs{Head}Content-Length: 0\r\nConnection: close\r\n\r\n";

    /// <summary>Two lengths, or a length that programs read differently.</summary>
    public static TheoryData<string> Lengths => new(
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nTransfer-Encoding: gzip, chunked",
        "Content-Length: 5\r\nTransfer-Encoding:\tchunked",
        "Content-Length: 5\r\nX: y\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked\r\n ",
        "X: y\r\n Transfer-Encoding: chunked",
        " Transfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 0",
        "Content-Length: 0, 5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 99999999999999999999",
        "Content-Length: ",
        "Content\0-Length: 5");

    /// <summary>Chunks whose end programs see at different places.</summary>
    public static TheoryData<string> Chunks => new(
        "ffffffffffffffff\r\n", "8000000000000000\r\n", "7fffffffffffffff\r\n", "-1\r\n", "0x5\r\n", "+5\r\n", " 5\r\n", "g\r\n", "\r\n",
        "5\r\nabcdefg\r\n0\r\n\r\n", "5\r\nabcde0\r\n\r\n", "5\rabcde\r\n0\r\n\r\n");

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task A_request_with_two_lengths_ends_its_connection(string lengths)
    {
        await using ServeHost server = await StartAsync();

        string answer = await SendAsync(server,
            $"POST /api/exports{Head}{lengths}\r\n\r\n0\r\n\r\n{Smuggled}");

        await ShouldBeOneRefusalAsync(server, answer);
    }

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task An_invalid_chunk_ends_the_connection(string chunk)
    {
        await using ServeHost server = await StartAsync();
        foreach (string type in (string[])["application/json", "application/x-www-form-urlencoded"])
        {
            string target = type == "application/json" ? "/api/exports" : "/sign-in";

            string answer = await SendAsync(server,
                $"POST {target}{Head}Content-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}{Smuggled}");

            answer.ShouldStartWith("HTTP/1.1 400 ");
            await ShouldBeOneRefusalAsync(server, answer);
        }
    }

    /// <summary>Each of these is answered before its body is read.</summary>
    [Theory]
    [InlineData("POST", "/api/exports", "", 401)]
    [InlineData("POST", "/nothing", "", 401)]
    [InlineData("POST", "/api/exports", "x-functions-key: " + Key, 415)]
    [InlineData("PUT", "/api/exports", "x-functions-key: " + Key, 405)]
    [InlineData("GET", "/api/exports", "x-functions-key: " + Key, 200)]
    [InlineData("POST", "/sign-in", "Origin: http://evil.example", 403)]
    [InlineData("POST", "/sign-in", "", 415)]
    public async Task The_body_of_an_answered_request_is_never_another_request(string method, string target, string header, int status)
    {
        await using ServeHost server = await StartAsync();
        string head = $"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{(header.Length > 0 ? $"{header}\r\n" : "")}";

        foreach (string request in (string[])[$"{head}Content-Length: {Smuggled.Length}\r\n\r\n{Smuggled}",
            $"{head}Transfer-Encoding: chunked\r\n\r\n{Smuggled.Length:x}\r\n{Smuggled}\r\n0\r\n\r\n"])
        {
            string answer = await SendAsync(server,
                $"{request}GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            Statuses(answer).ShouldBe([status, 200], answer);
            (await server.RunsAsync()).ShouldBeEmpty();
        }
    }

    /// <summary>That there is an end of the answers shows that the connection was closed.</summary>
    private static async Task ShouldBeOneRefusalAsync(ServeHost server, string answer)
    {
        Statuses(answer).ShouldHaveSingleItem(answer).ShouldBeInRange(400, 499, answer);
        (await server.RunsAsync()).ShouldBeEmpty();
    }

    private static int[] Statuses(string answer) => [.. StatusLine().Matches(answer).Select(m => int.Parse(m.Groups[1].ValueSpan))];

    private static Task<string> SendAsync(ServeHost server, string request) =>
        RawCall.SendAsync(server.Http.BaseAddress!, request, Cancellation);

    [GeneratedRegex("HTTP/1\\.1 ([0-9]{3}) ")]
    private static partial Regex StatusLine();
}
