using System.Globalization;
using System.Net;
using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Tests.Kapso;

/// <summary>One budget and one caller or two, on simulated time.</summary>
public sealed class RateBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 2, 0, 20, TimeSpan.Zero);

    private readonly SimulatedTime _time = new(Start);

    [Fact]
    public void Nothing_waits_if_no_limit_is_announced()
    {
        using var source = new ScriptedSource(_time, _ => ScriptedSource.Answer(HttpStatusCode.OK));
        Run(source, async (http, _) => await Task.WhenAll(Enumerable.Range(0, 3_000).Select(_ => AskAsync(http))));

        source.Requests.Count.ShouldBe(3_000);
        source.Requests.ShouldAllBe(r => r.At == Start);
    }

    [Theory]
    [InlineData("many", "3")]
    [InlineData("100", "-1")]
    [InlineData("100", "101")]
    [InlineData("0", "0")]
    [InlineData("99999999999", "0")]
    [InlineData("100", "")]
    public void Nonsensical_headers_are_ignored(string limit, string remaining)
    {
        using var source = new ScriptedSource(_time, _ => ScriptedSource.Answer(HttpStatusCode.OK, ("X-RateLimit-Limit", limit), ("X-RateLimit-Remaining", remaining)));
        Run(source, async (http, budget) =>
        {
            await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => AskAsync(http)));
            budget.State.Limit.ShouldBeNull();
        });
        source.Requests.ShouldAllBe(r => r.At == Start);
    }

    [Fact]
    public void The_first_request_goes_alone_until_it_is_answered()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        using var source = new ScriptedSource(_time, number => number == 1 ? answer.Task : Task.FromResult(Remaining(100, 100 - number)));
        Run(source, async (http, budget) =>
        {
            Task asked = Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AskAsync(http)));
            await Task.Delay(TimeSpan.FromMilliseconds(900), _time);
            source.Requests.Count.ShouldBe(1);
            budget.State.Waiting.ShouldBe(4);

            answer.SetResult(Remaining(100, 99));
            await asked;
            source.Requests.Count.ShouldBe(5);
        });
    }

    [Fact]
    public void A_first_request_that_stalls_is_followed_by_another_each_second()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        using var source = new ScriptedSource(_time, number => number <= 3 ? answer.Task : Task.FromResult(Remaining(100, 90)));
        Run(source, async (http, _) =>
        {
            Task asked = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync(http)));
            await Task.Delay(TimeSpan.FromSeconds(3.5), _time);
            source.Requests.Select(r => (r.At - Start).TotalSeconds).Take(4).ShouldBe([0, 1, 2, 3]);
            source.Requests.Count.ShouldBe(8);
            answer.SetResult(Remaining(100, 80));
            await asked;
        });
    }

    [Fact]
    public void The_first_to_wait_goes_first()
    {
        using var source = new ScriptedSource(_time, number => Remaining(5, 5 - ((number - 1) % 5) - 1));
        Run(source, async (http, _) => await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(http, $"/{i}"))));

        source.Requests.Select(r => r.Path).ShouldBe(Enumerable.Range(0, 20).Select(i => $"/{i}"));
        source.Requests.Select(r => r.At.Minute).ShouldBe(Enumerable.Range(0, 20).Select(i => i / 5));
    }

    [Fact]
    public void A_cancelled_waiter_leaves_at_once_and_sends_nothing()
    {
        using var source = new ScriptedSource(_time, _ => Remaining(1, 0));
        Run(source, async (http, budget) =>
        {
            await AskAsync(http);
            using var cancellation = new CancellationTokenSource();
            Task<HttpResponseMessage> asked = AskAsync(http, cancellationToken: cancellation.Token);
            budget.State.Waiting.ShouldBe(1);
            cancellation.Cancel(); // On this thread: there is no other in simulated time.

            await Task.WhenAny(asked);
            asked.IsCanceled.ShouldBeTrue();
            _time.GetUtcNow().ShouldBe(Start);
            budget.State.Waiting.ShouldBe(0);
            budget.State.WaitingSince.ShouldBeNull();
        });
        source.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public void The_state_shows_what_the_budget_waits_for()
    {
        using var source = new ScriptedSource(_time, number => Remaining(10, 10 - number));
        Run(source, async (http, budget) =>
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync(http)));
            Task asked = AskAsync(http);
            RateBudgetState state = budget.State;

            state.ShouldBe(new RateBudgetState(10, 2, 8, 8, 0, 1, Start, state.WaitingUntil));
            // Date tells whole seconds: the turn is known to one second after a single moment, and some milliseconds are left between.
            state.WaitingUntil!.Value.ShouldBeInRange(new(2026, 11, 22, 2, 1, 0, TimeSpan.Zero), new(2026, 11, 22, 2, 1, 1, TimeSpan.Zero));
            await asked;
            budget.State.WaitingUntil.ShouldBeNull();
        }, share: 0.8);
    }

    [Fact]
    public void A_cap_on_requests_per_minute_holds_with_and_without_a_limit()
    {
        foreach (bool announced in (bool[])[true, false])
        {
            var time = new SimulatedTime(Start);
            using var source = new ScriptedSource(time, number => announced ? Remaining(1_000, 1_000 - number, time) : ScriptedSource.Answer(HttpStatusCode.OK));
            Run(source, async (http, _) => await Task.WhenAll(Enumerable.Range(0, 35).Select(_ => AskAsync(http))), perMinute: 10, time: time);

            source.Requests.GroupBy(r => r.At).Select(g => g.Count()).Where(c => c > 1).ShouldAllBe(c => c <= 10);
            (source.Requests[^1].At - Start).ShouldBeInRange(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3.1));
        }
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Sun, 22 Nov 2026 09:00:12 GMT", 12)]
    [InlineData("86400", 300)]
    public void A_429_without_a_limit_waits_for_its_Retry_After(string retryAfter, int seconds)
    {
        using var source = new ScriptedSource(_time, number => number == 1
            ? ScriptedSource.Answer(HttpStatusCode.TooManyRequests, ("Retry-After", retryAfter), ("Date", "Sun, 22 Nov 2026 09:00:00 GMT"))
            : ScriptedSource.Answer(HttpStatusCode.OK));
        Run(source, async (http, _) => await AskUntilServedAsync(http));

        source.Requests.Select(r => (r.At - Start).TotalSeconds).ShouldBe([0, seconds]);
    }

    [Fact]
    public void A_429_without_Retry_After_waits_longer_each_time()
    {
        using var source = new ScriptedSource(_time, number => ScriptedSource.Answer(number < 9 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK));
        Run(source, async (http, _) => await AskUntilServedAsync(http));

        source.Requests.Zip(source.Requests.Skip(1), (a, b) => (b.At - a.At).TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 32, 60, 60]);
    }

    [Fact]
    public void A_429_with_a_limit_makes_everyone_wait_until_the_window_ends()
    {
        using var source = new ScriptedSource(_time, number => number == 1
            ? ScriptedSource.Answer(HttpStatusCode.TooManyRequests, [("Retry-After", "60"), .. Headers(100, 0, _time)])
            : Remaining(100, 100 - number));
        Run(source, async (http, _) => await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskUntilServedAsync(http))));

        source.Requests.Count.ShouldBe(5);
        source.Requests.Skip(1).ShouldAllBe(r => r.At - Start >= TimeSpan.FromSeconds(40) && r.At - Start <= TimeSpan.FromSeconds(41.1));
    }

    [Fact]
    public void A_Retry_After_shorter_than_the_window_is_obeyed()
    {
        using var source = new ScriptedSource(_time, number => number == 1
            ? ScriptedSource.Answer(HttpStatusCode.TooManyRequests, [("Retry-After", "5"), .. Headers(100, 0, _time)])
            : Remaining(100, 100 - number));
        Run(source, async (http, _) => await AskUntilServedAsync(http));

        source.Requests.Select(r => (r.At - Start).TotalSeconds).ShouldBe([0, 5]);
    }

    private HttpResponseMessage Remaining(int limit, int remaining) => Remaining(limit, remaining, _time);

    private static HttpResponseMessage Remaining(int limit, int remaining, TimeProvider time) => ScriptedSource.Answer(HttpStatusCode.OK, Headers(limit, remaining, time));

    private static (string, string)[] Headers(int limit, int remaining, TimeProvider time) =>
    [
        ("X-RateLimit-Limit", limit.ToString(CultureInfo.InvariantCulture)),
        ("X-RateLimit-Remaining", remaining.ToString(CultureInfo.InvariantCulture)),
        ("Date", time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)),
    ];

    private void Run(ScriptedSource source, Func<HttpMessageInvoker, RateBudget, Task> ask, double share = 1, int? perMinute = null, SimulatedTime? time = null)
    {
        SimulatedTime clock = time ?? _time;
        clock.Run(async () =>
        {
            using var budget = new RateBudget(new KapsoOptions { RateShare = share, RequestsPerMinute = perMinute }, clock);
            using var handler = new RateBudgetHandler(budget) { InnerHandler = source };
            using var http = new HttpMessageInvoker(handler);
            await ask(http, budget);
        });
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpMessageInvoker http, string path = "/", CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri("https://source.test"), path));
        return await http.SendAsync(request, cancellationToken);
    }

    private static async Task AskUntilServedAsync(HttpMessageInvoker http)
    {
        while (true)
        {
            using HttpResponseMessage response = await AskAsync(http);
            if (response.StatusCode == HttpStatusCode.OK)
                return;
        }
    }
}
