using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Sandbox;

public sealed class RateLimitTests
{
    private static readonly DateTimeOffset LateInAMinute = new(2026, 11, 22, 2, 0, 58, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(LateInAMinute);

    [Fact]
    public async Task Every_response_states_the_limit_and_what_remains()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { RateLimit = 3 }, _time);

        (await RemainingAsync(sandbox, "whatsapp_conversations")).ShouldBe("2 of 3");
        (await RemainingAsync(sandbox, "whatsapp_conversations?page=0")).ShouldBe("1 of 3");
        (await RemainingAsync(sandbox, "nowhere")).ShouldBe("0 of 3");
        (await RemainingAsync(sandbox, "whatsapp_conversations")).ShouldBe("0 of 3");
    }

    [Fact]
    public async Task A_request_past_the_limit_is_refused_as_documented()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { RateLimit = 1 }, _time);
        using var allowed = await sandbox.GetAsync("whatsapp_conversations");
        using var refused = await sandbox.GetAsync("whatsapp_conversations");

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.GetValues("Retry-After").ShouldBe(["60"]);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .ShouldBe("""{"error":"Rate limit exceeded","message":"You have exceeded the rate limit. Please try again later."}""");
        sandbox.Server.RequestCount.ShouldBe(2);
        sandbox.Server.ThrottledCount.ShouldBe(1);
    }

    [Fact]
    public async Task The_window_ends_with_the_minute_of_the_clock()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { RateLimit = 1 }, _time);

        (await StatusAsync(sandbox)).ShouldBe(HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        (await StatusAsync(sandbox)).ShouldBe(HttpStatusCode.TooManyRequests);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        (await StatusAsync(sandbox)).ShouldBe(HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(59.9));
        (await StatusAsync(sandbox)).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Another_window_begins_at_its_multiples_and_is_stated_in_whole_seconds()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { RateLimit = 1, Window = TimeSpan.FromMilliseconds(1_500) }, _time);
        using var allowed = await sandbox.GetAsync("whatsapp_conversations");
        using var refused = await sandbox.GetAsync("whatsapp_conversations");

        refused.Headers.GetValues("Retry-After").ShouldBe(["2"]);
        _time.Advance(TimeSpan.FromMilliseconds(1_500));
        (await StatusAsync(sandbox)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_is_not_charged_for_the_requests_of_another()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { RateLimit = 1 }, _time);

        (await sandbox.AnswerAsync("whatsapp_conversations", "stranger")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await sandbox.AnswerAsync("whatsapp_conversations", "stranger")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await StatusAsync(sandbox)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_Date_header_is_the_clock_that_the_window_follows()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new(), _time);
        using var response = await sandbox.GetAsync("whatsapp_conversations");
        response.Headers.Date.ShouldBe(LateInAMinute);
    }

    [Fact]
    public async Task Without_a_limit_there_are_no_rate_headers()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new());
        using var response = await sandbox.GetAsync("whatsapp_conversations");

        response.Headers.Select(header => header.Key).ShouldNotContain(name => name.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
        response.Headers.Date.ShouldNotBeNull();
    }

    [Fact]
    public async Task Concurrent_requests_never_get_more_than_the_limit()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { RateLimit = 40 }, _time);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => StatusAsync(sandbox)));

        statuses.Count(status => status == HttpStatusCode.OK).ShouldBe(40);
        sandbox.Server.ThrottledCount.ShouldBe(60);
    }

    private static async Task<HttpStatusCode> StatusAsync(SandboxCaller sandbox)
    {
        using var response = await sandbox.GetAsync("whatsapp_conversations?per_page=1");
        return response.StatusCode;
    }

    private static async Task<string> RemainingAsync(SandboxCaller sandbox, string path)
    {
        using var response = await sandbox.GetAsync(path);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{response.Headers.GetValues("X-RateLimit-Remaining").Single()} of {response.Headers.GetValues("X-RateLimit-Limit").Single()}");
    }
}
