using System.Net;
using KapsoArchive.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Sandbox;

public sealed class CompetingClientTests
{
    private static readonly DateTimeOffset MinuteStart = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(MinuteStart);

    [Fact]
    public async Task The_competitor_uses_the_window_evenly()
    {
        await using var sandbox = await StartAsync(new() { RateLimit = 100, CompetingRequestsPerWindow = 60 });

        (await RemainingAsync(sandbox)).ShouldBe(99);
        _time.Advance(TimeSpan.FromSeconds(10));
        (await RemainingAsync(sandbox)).ShouldBe(88);
        _time.Advance(TimeSpan.FromSeconds(49));
        (await RemainingAsync(sandbox)).ShouldBe(38);
    }

    [Fact]
    public async Task The_log_shows_each_clients_share_of_each_window()
    {
        await using var sandbox = await StartAsync(new() { RateLimit = 10, CompetingRequestsPerWindow = 6 });

        await CallAsync(sandbox, 3);
        _time.Advance(TimeSpan.FromSeconds(30));
        await CallAsync(sandbox, 5);
        _time.Advance(TimeSpan.FromSeconds(90));
        await CallAsync(sandbox, 1);

        // In the first window 3 + 3 + 4 fill the limit, one call is refused, and so are the competitor's last 3.
        sandbox.Server.RateLog.ShouldBe(
        [
            new SandboxRateWindow(MinuteStart, 10, 7, 3, 1),
            new SandboxRateWindow(MinuteStart.AddMinutes(2), 10, 1, 0, 0),
        ]);
        _time.Advance(TimeSpan.FromSeconds(59));
        sandbox.Server.RateLog[^1].UsedByCompetitor.ShouldBe(5);
    }

    [Fact]
    public async Task A_competitor_that_wants_more_than_the_limit_leaves_nothing()
    {
        await using var sandbox = await StartAsync(new() { RateLimit = 10, CompetingRequestsPerWindow = 1_000 });
        _time.Advance(TimeSpan.FromSeconds(30));

        (await sandbox.AnswerAsync("whatsapp_conversations")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        sandbox.Server.RateLog.ShouldBe([new SandboxRateWindow(MinuteStart, 10, 0, 10, 1)]);
    }

    [Fact]
    public async Task The_limit_changes_with_each_window_and_the_last_one_stays()
    {
        await using var sandbox = await StartAsync(new() { RateLimits = [5, 2, 9] });
        foreach (int limit in new[] { 5, 2, 9, 9 })
        {
            (await RemainingAsync(sandbox)).ShouldBe(limit - 1);
            await CallAsync(sandbox, 3);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        sandbox.Server.RateLog.Select(window => (window.Limit, window.Used, window.Throttled)).ShouldBe([(5, 4, 0), (2, 2, 2), (9, 4, 0), (9, 4, 0)]);
    }

    [Fact]
    public async Task A_new_limit_counts_what_the_window_has_already_used()
    {
        await using var sandbox = await StartAsync(new() { RateLimit = 10 });
        await CallAsync(sandbox, 4);

        sandbox.Server.Rate = new() { Limit = 6 };
        (await RemainingAsync(sandbox)).ShouldBe(1);
        sandbox.Server.Rate = new() { Limit = 3 };

        (await sandbox.AnswerAsync("whatsapp_conversations")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        Should.Throw<ArgumentException>(() => sandbox.Server.Rate = new() { Limit = -1 });
    }

    private Task<SandboxCaller> StartAsync(SandboxOptions options) => SandboxCaller.StartAsync(options, _time);

    private static async Task CallAsync(SandboxCaller sandbox, int times)
    {
        for (int i = 0; i < times; i++) await sandbox.AnswerAsync("whatsapp_conversations?per_page=1");
    }

    private static async Task<int> RemainingAsync(SandboxCaller sandbox)
    {
        using var response = await sandbox.GetAsync("whatsapp_conversations?per_page=1");
        return int.Parse(response.Headers.GetValues("X-RateLimit-Remaining").Single());
    }
}
