using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KapsoArchive.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>What the server refuses before the API has its say: too much, too large, and what there is not.</summary>
public sealed class ServeLimitTests : IDisposable
{
    private const string First = "first-key-0123456789abcdef";
    private const string Second = "second-key-0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_caller_over_the_rate_limit_gets_Retry_After()
    {
        await using ServeHost server = await StartAsync("", perMinute: 3);

        using HttpResponseMessage answer = await ExhaustAsync(server, perMinute: 3, HttpStatusCode.OK, () => null);

        (await ShouldBeProblemAsync(answer, HttpStatusCode.TooManyRequests)).ShouldContain("Retry-After");
        answer.Headers.RetryAfter!.Delta.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Each_key_has_its_own_count()
    {
        await using ServeHost server = await StartAsync($"{First},{Second}", perMinute: 2);

        using HttpResponseMessage answer = await ExhaustAsync(server, perMinute: 2, HttpStatusCode.OK, () => First);

        (await AskAsync(server, Second)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Wrong_keys_count_against_their_address_and_no_key()
    {
        await using ServeHost server = await StartAsync(First, perMinute: 3);
        int guess = 0;

        using HttpResponseMessage answer = await ExhaustAsync(server, perMinute: 3, HttpStatusCode.Unauthorized, () => ++guess % 4 == 0 ? null : $"guess-{guess}-0123456789abcdef");

        (await AskAsync(server, First)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void The_configured_rate_applies()
    {
        foreach (int perMinute in (int[])[1, 2, 7, 59, 60, 61, 90, 119, 600, 1_000, 1_000_000])
        {
            var options = new ApiOptions { RequestsPerMinute = perMinute };

            (options.Bucket().TokensPerPeriod / options.Bucket().ReplenishmentPeriod.TotalMinutes).ShouldBe(perMinute, perMinute * 0.001, perMinute.ToString(CultureInfo.InvariantCulture));
            options.Bucket().TokenLimit.ShouldBe(perMinute);
        }
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/api")]
    [InlineData("/api/exports/20261122T020000Z-1a2b3c4d/file")]
    [InlineData("/API/nothing")]
    public async Task Missing_resources_are_reported_in_a_problem_document(string address)
    {
        await using ServeHost server = await StartAsync("");

        using HttpResponseMessage answer = await server.Http.GetAsync(new Uri(address, UriKind.Relative), Cancellation);

        (await ShouldBeProblemAsync(answer, HttpStatusCode.NotFound)).ShouldContain("/api/openapi.json");
    }

    [Theory]
    [InlineData("PUT", "/api/exports", "GET, HEAD, POST")]
    [InlineData("POST", "/api/exports/20261122T020000Z-1a2b3c4d", "DELETE, GET, HEAD")]
    [InlineData("DELETE", "/api/snapshots/latest", "GET, HEAD")]
    [InlineData("POST", "/api/health/live", "GET, HEAD")]
    [InlineData("FOO", "/api/runs", "GET, HEAD, POST")]
    public async Task A_wrong_method_is_refused_with_the_allowed_methods(string method, string address, string allowed)
    {
        await using ServeHost server = await StartAsync("");
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));

        using HttpResponseMessage answer = await server.Http.SendAsync(request, Cancellation);

        string told = await ShouldBeProblemAsync(answer, HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.Order(StringComparer.Ordinal).ShouldBe(allowed.Split(", "));
        answer.Content.Headers.Allow.ShouldAllBe(a => told.Contains(a));
    }

    [Theory]
    [InlineData(1024 * 1024 + 1, false)]
    [InlineData(1024 * 1024 + 1, true)]
    [InlineData(5 * 1024 * 1024, false)]
    [InlineData(5 * 1024 * 1024, true)]
    public async Task An_oversized_body_is_reported_in_a_problem_document(int length, bool isChunked)
    {
        await using ServeHost server = await StartAsync("");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/exports", UriKind.Relative));
        request.Content = new StringContent(new string(' ', length), Encoding.UTF8, "application/json");
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.ExpectContinue = true; // Otherwise the answer may come while the body is being sent, and be lost.

        using HttpResponseMessage answer = await server.Http.SendAsync(request, Cancellation);

        await ShouldBeProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("/api/exports")]
    [InlineData("/api/runs")]
    [InlineData("/api/health/live")]
    [InlineData("/api/health/ready")]
    [InlineData("/api/openapi.json")]
    [InlineData("/api/snapshots/latest")]
    [InlineData("/api/exports/20261122T020000Z-1a2b3c4d")]
    public async Task HEAD_answers_like_GET_without_the_body(string address)
    {
        await using ServeHost server = await StartAsync("");
        using HttpResponseMessage get = await server.Http.GetAsync(new Uri(address, UriKind.Relative), Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(address, UriKind.Relative));

        using HttpResponseMessage head = await server.Http.SendAsync(request, Cancellation);

        (head.StatusCode, head.Content.Headers.ContentType).ShouldBe((get.StatusCode, get.Content.Headers.ContentType));
        (await head.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeEmpty();
    }

    /// <summary>Asks until it is refused: after so many requests, and those that a slow machine leaves time for.</summary>
    private static async Task<HttpResponseMessage> ExhaustAsync(ServeHost server, int perMinute, HttpStatusCode otherwise, Func<string?> nextKey)
    {
        long begun = Stopwatch.GetTimestamp();
        for (int answered = 0; ; answered++)
        {
            HttpResponseMessage answer = await AskAsync(server, nextKey());
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                answered.ShouldBeInRange(perMinute, perMinute + (int)(Stopwatch.GetElapsedTime(begun).TotalMinutes * perMinute));
                return answer;
            }

            answer.StatusCode.ShouldBe(otherwise);
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(ServeHost server, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/exports", UriKind.Relative));
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        return await server.Http.SendAsync(request, Cancellation);
    }

    /// <returns>What it says.</returns>
    private static async Task<string> ShouldBeProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        string body = await answer.Content.ReadAsStringAsync(Cancellation);
        answer.StatusCode.ShouldBe(status, body);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonNode problem = JsonNode.Parse(body)!;
        ((int)problem["status"]!).ShouldBe((int)status);
        return (string)problem["detail"]!;
    }

    private Task<ServeHost> StartAsync(string keys, int perMinute = 1_000) => ServeHost.StartAsync(
        TimeProvider.System,
        [new("Kapso:ApiKey", "sandbox-key"), new("Archive:Destination", _folder.Path), new("Api:Keys", keys), new("Api:RequestsPerMinute", perMinute.ToString(CultureInfo.InvariantCulture))]);
}
