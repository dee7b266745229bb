using System.Globalization;
using System.Net;
using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Tests.Kapso;

/// <summary>A hungry caller, eight requests at once, against a simulated source over five windows of simulated time. The figures are printed with each test.</summary>
public sealed class RateBudgetSimulationTests
{
    private const int Windows = 5;
    private const int Seeds = 20;

    public static TheoryData<int> Limits => [100, 500, 2000];

    [Theory]
    [MemberData(nameof(Limits))]
    public void The_whole_limit_is_used_without_a_refusal(int limit) =>
        Check($"limit {limit}", 1.0, (time, random) => new SimulatedSource(time, random) { Limit = _ => limit }, used: 0.97, throttled: 0);

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_share_of_the_limit_is_used_completely_and_never_exceeded(int limit)
    {
        foreach (SimulatedWindow window in Check($"limit {limit}, share 0.8", 0.8, (time, random) => new SimulatedSource(time, random) { Limit = _ => limit }, used: 0.77, throttled: 0))
            window.Ours.ShouldBeLessThanOrEqualTo((int)(0.8 * limit));
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void Room_is_left_for_another_client(int limit)
    {
        foreach (SimulatedWindow window in Check(
            $"limit {limit}, another client of 30 %", 1.0,
            (time, random) => new SimulatedSource(time, random) { Limit = _ => limit, OtherShare = 0.3 }, used: 0.95, throttled: 2 * Windows))
            window.Throttled.ShouldBeLessThanOrEqualTo(2);
    }

    /// <summary>Answers so slow that spending takes most of the window: the other client gets all it asks for, and the end of the window is contested.</summary>
    [Theory]
    [InlineData(100, 4_600)]
    [InlineData(500, 1_000)]
    [InlineData(2000, 260)]
    public void Room_is_left_for_another_client_even_if_the_whole_window_is_needed(int limit, int milliseconds)
    {
        foreach (SimulatedWindow window in Check(
            $"limit {limit}, slow answers, another client of 30 %", 1.0,
            (time, random) => new SimulatedSource(time, random)
            {
                Limit = _ => limit,
                OtherShare = 0.3,
                UplinkMilliseconds = (milliseconds / 10, milliseconds / 4),
                DownlinkMilliseconds = (milliseconds / 2, milliseconds),
            },
            used: 0.95, throttled: 2 * Windows))
            window.Throttled.ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData(1000, 500)]
    [InlineData(500, 1000)]
    [InlineData(2000, 100)]
    [InlineData(100, 2000)]
    public void A_changing_limit_is_followed(int before, int after) =>
        Check($"limit {before}, then {after}", 1.0, (time, random) => new SimulatedSource(time, random) { Limit = window => window < 2 ? before : after }, used: 0.97, throttled: 1);

    [Theory]
    [InlineData(187.9)]
    [InlineData(-187.9)]
    [InlineData(0.9)]
    [InlineData(-0.9)]
    [InlineData(-3_600.5)]
    public void A_wrong_source_clock_is_tolerated(double seconds) =>
        Check($"source's clock {seconds:+0.0;-0.0} s", 1.0, (time, random) => new SimulatedSource(time, random) { Limit = _ => 500, Ahead = TimeSpan.FromSeconds(seconds) }, used: 0.97, throttled: 0);

    /// <summary>A turn that is believed too early costs one refusal, from which the true one is learned; where it is seconds off, three.</summary>
    [Theory]
    [InlineData(0.9, 1)]
    [InlineData(-0.9, 0)]
    [InlineData(-5, 3)]
    public void A_Date_from_another_clock_than_the_windows_is_tolerated(double seconds, int throttled) =>
        Check($"Date {seconds:+0.0;-0.0} s off the windows", 1.0, (time, random) => new SimulatedSource(time, random) { Limit = _ => 500, DateAhead = TimeSpan.FromSeconds(seconds) }, used: 0.97, throttled);

    [Fact]
    public void Lost_answers_count_against_the_limit() =>
        Check(
            "limit 500, every 10th answer lost, another client of 30 %", 1.0,
            (time, random) => new SimulatedSource(time, random) { Limit = _ => 500, OtherShare = 0.3, Lost = 0.1 }, used: 0.95, throttled: 1);

    /// <param name="used">The least part of what the other client left that must be used in all windows together.</param>
    /// <param name="throttled">The most answers with 429 in the whole run.</param>
    private static List<SimulatedWindow> Check(string name, double share, Func<SimulatedTime, Random, SimulatedSource> create, double used, int throttled)
    {
        List<List<SimulatedWindow>> runs = [.. Enumerable.Range(1, Seeds).Select(seed => Simulate(share, create, seed))];
        double leastUsed = runs.Min(Used);
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: used {leastUsed:P2} at least, {runs.Average(Used):P2} on average; 429s {runs.Max(Throttled)} at most in a run, {runs.SelectMany(r => r).Max(w => w.Throttled)} in a window, {runs.Sum(Throttled)} in {Seeds} runs of {Windows} windows");
        TestContext.Current.TestOutputHelper!.WriteLine(figures);
        TestContext.Current.SendDiagnosticMessage(figures);

        leastUsed.ShouldBeGreaterThanOrEqualTo(used, figures);
        runs.Max(Throttled).ShouldBeLessThanOrEqualTo(throttled, figures);
        return [.. runs.SelectMany(r => r)];
    }

    private static double Used(List<SimulatedWindow> run) => (double)run.Sum(w => w.Ours) / run.Sum(w => w.Limit - w.Others);

    private static int Throttled(List<SimulatedWindow> run) => run.Sum(w => w.Throttled);

    private static List<SimulatedWindow> Simulate(double share, Func<SimulatedTime, Random, SimulatedSource> create, int seed)
    {
        var random = new Random(seed);
        // Early in a minute, so that the first window too can be used up.
        var time = new SimulatedTime(new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero));
        using SimulatedSource source = create(time, random);
        time.Run(async () =>
        {
            await Task.Delay(source.UntilEndOf(1) + TimeSpan.FromSeconds(random.NextDouble() * 20), time);
            using var budget = new RateBudget(new KapsoOptions { RateShare = share }, time);
            using var handler = new RateBudgetHandler(budget) { InnerHandler = source };
            using var http = new HttpMessageInvoker(handler);
            using var end = new CancellationTokenSource(source.UntilEndOf(Windows) - TimeSpan.FromMilliseconds(1), time);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync(http, end.Token)));
        });
        source.Windows.Count.ShouldBe(Windows);
        return [.. source.Windows];
    }

    private static async Task AskAsync(HttpMessageInvoker http, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("https://source.test/"));
                using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
                response.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.TooManyRequests);
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
            {
                // Time is over, or the answer was lost on the way; a caller asks again.
            }
        }
    }
}
