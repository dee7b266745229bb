using System.Net;
using KapsoArchive.Tests.Cli.Serve.Browser;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>Whoever calls too often locks out nobody but himself.</summary>
public sealed class CallerCountTests : PageTest
{
    private const int PerMinute = 4;
    private const string OtherKey = "second-key-0123456789abcdef";

    [Fact]
    public async Task Callers_without_a_key_lock_out_neither_keys_nor_sessions_nor_health_checks()
    {
        await using ServeHost server = await StartAsync();
        PageCaller signedIn = await SignedInAsync(server);

        await ExhaustAsync(server, []);

        (await StatusAsync(server, "/api/runs", ("x-functions-key", Key))).ShouldBe(HttpStatusCode.OK);
        (await signedIn.GetAsync()).Status.ShouldBe(HttpStatusCode.OK);
        for (int i = 0; i < 3 * PerMinute; i++)
            (await StatusAsync(server, "/api/health/live")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_key_locks_out_no_other_key_and_no_session()
    {
        await using ServeHost server = await StartAsync($"{Key},{OtherKey}");
        PageCaller signedIn = await SignedInAsync(server);

        await ExhaustAsync(server, [("X-API-Key", Key)]);

        (await StatusAsync(server, $"/api/runs?code={Key}")).ShouldBe(HttpStatusCode.TooManyRequests);
        (await StatusAsync(server, "/api/runs", ("X-API-Key", OtherKey))).ShouldBe(HttpStatusCode.OK);
        (await signedIn.GetAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(server, "/api/runs")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_has_its_own_count_until_it_ends()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using ServeHost server = await StartAsync(time: time);
        PageCaller one = await SignedInAsync(server);
        PageCaller another = await SignedInAsync(server);

        await ExhaustAsync(server, [("Cookie", one.Cookie!)]);

        (await one.GetAsync()).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await another.GetAsync()).Status.ShouldBe(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromHours(12));
        await ExhaustAsync(server, [("Cookie", another.Cookie!)]);
        (await StatusAsync(server, "/api/runs")).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Invalid_keys_and_cookies_do_not_change_the_caller()
    {
        await using ServeHost server = await StartAsync();
        int call = 0;

        await ExhaustAsync(server, () => ++call % 2 == 0
            ? [("Cookie", $"kapso-archive-session=made-up-{call}")]
            : [("x-functions-key", $"made-up-key-0123456789-{call}")]);

        (await StatusAsync(server, "/api/runs")).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.0/8,2001:db8::1")]
    public async Task Forwarded_addresses_from_an_unnamed_proxy_are_ignored(string? proxies)
    {
        await using ServeHost server = await StartBehindAsync(proxies);
        int call = 0;

        await ExhaustAsync(server, () => [("X-Forwarded-For", $"203.0.113.{++call % 250}")]);
    }

    /// <summary>Whatever the caller writes at the left, the proxy adds what it saw at the right.</summary>
    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.8")]
    [InlineData("127.0.0.0/8", "198.51.100.{0}, 203.0.113.9", "203.0.113.9, 203.0.113.8")]
    [InlineData("127.0.0.1, 10.0.0.0/8", "203.0.113.{0}, 203.0.113.9, 10.1.2.3", "203.0.113.9, 203.0.113.8, 10.1.2.3")]
    [InlineData("127.0.0.1,2001:db8:1::/48", "2001:db8:9:9::{0}, 2001:db8:1::1", "2001:db8:9:8::1, 2001:db8:1::1")]
    [InlineData("127.0.0.1", "nonsense-{0}, 203.0.113.9", "203.0.113.8")]
    public async Task A_named_proxy_is_trusted_for_the_last_foreign_address(string proxies, string caller, string another)
    {
        await using ServeHost server = await StartBehindAsync(proxies);
        int call = 0;

        await ExhaustAsync(server, () => [("X-Forwarded-For", string.Format(null, caller, ++call % 250))]);

        (await StatusAsync(server, "/api/runs", ("X-Forwarded-For", another))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(server, "/api/runs")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private Task<ServeHost> StartBehindAsync(string? proxies) =>
        StartAsync(Key, null, new("Api:RequestsPerMinute", $"{PerMinute}"), new("Serve:Proxies", proxies));

    private new Task<ServeHost> StartAsync(
        string keys = Key, TimeProvider? time = null, params IEnumerable<KeyValuePair<string, string?>> settings) =>
        base.StartAsync(keys, time, [new("Api:RequestsPerMinute", $"{PerMinute}"), .. settings]);

    private static Task ExhaustAsync(ServeHost server, (string Name, string Value)[] headers) => ExhaustAsync(server, () => headers);

    /// <summary>Calls until it is too often. A slow machine may be answered some more times, but not for ever: fewer are filled up than
    /// are asked for.</summary>
    private static async Task ExhaustAsync(ServeHost server, Func<(string Name, string Value)[]> next)
    {
        for (int calls = 0; await StatusAsync(server, "/api/runs", next()) != HttpStatusCode.TooManyRequests; calls++)
            calls.ShouldBeLessThan(100 * PerMinute);
    }

    private static async Task<HttpStatusCode> StatusAsync(ServeHost server, string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage answer = await server.Http.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
