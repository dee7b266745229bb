using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace KapsoArchive.Tests.Kapso;

/// <summary>The source's rate limit behind a network: fixed windows on its own clock, another client, and answers that take their time both ways.</summary>
internal sealed class SimulatedSource(SimulatedTime time, Random random) : HttpMessageHandler
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, SimulatedWindow> _windows = [];

    /// <summary>How far the source's clock is ahead of ours.</summary>
    public TimeSpan Ahead { get; init; }

    /// <summary>How far the clock of <c>Date</c> is ahead of the clock of the windows.</summary>
    public TimeSpan DateAhead { get; init; }

    /// <summary>The limit of the n-th window, from 0.</summary>
    public Func<long, int> Limit { get; init; } = _ => 100;

    /// <summary>The part of each window that another client asks for, evenly.</summary>
    public double OtherShare { get; init; }

    public (int Least, int Most) UplinkMilliseconds { get; init; } = (5, 40);

    public (int Least, int Most) DownlinkMilliseconds { get; init; } = (10, 80);

    /// <summary>The part of the requests whose answer is lost on the way.</summary>
    public double Lost { get; init; }

    private DateTimeOffset ServerNow => time.GetUtcNow() + Ahead;

    private long WindowNow => (ServerNow - DateTimeOffset.UnixEpoch).Ticks / Window.Ticks;

    private long FirstWindow { get; set; } = -1;

    /// <summary>The windows that have begun, in order.</summary>
    public IReadOnlyList<SimulatedWindow> Windows => [.. _windows.OrderBy(w => w.Key).Select(w => w.Value)];

    /// <summary>How long from now to the end of the n-th window from now.</summary>
    public TimeSpan UntilEndOf(int windows) => (DateTimeOffset.UnixEpoch + (Window * (WindowNow + windows))) - ServerNow;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Wait(UplinkMilliseconds, cancellationToken);
        HttpResponseMessage response = Answer();
        await Wait(DownlinkMilliseconds, cancellationToken);
        return random.NextDouble() < Lost ? throw new HttpRequestException("lost") : response;
    }

    private HttpResponseMessage Answer()
    {
        SimulatedWindow window = Present();
        window.LetOthersSpend((ServerNow - DateTimeOffset.UnixEpoch).Ticks % Window.Ticks / (double)Window.Ticks);
        bool allowed = window.Spend();
        var response = new HttpResponseMessage(allowed ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("x-ratelimit-limit", window.Limit.ToString(CultureInfo.InvariantCulture));
        response.Headers.TryAddWithoutValidation("X-RateLimit-Remaining", window.Remaining.ToString(CultureInfo.InvariantCulture));
        response.Headers.TryAddWithoutValidation("Date", (ServerNow + DateAhead).ToString("R", CultureInfo.InvariantCulture));
        if (!allowed)
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(60));
        return response;
    }

    private SimulatedWindow Present()
    {
        long number = WindowNow;
        if (FirstWindow < 0)
            FirstWindow = number;
        if (!_windows.TryGetValue(number, out SimulatedWindow? window))
        {
            foreach (SimulatedWindow past in _windows.Values)
                past.LetOthersSpend(1);
            int limit = Limit(number - FirstWindow);
            _windows[number] = window = new SimulatedWindow(limit, (int)(limit * OtherShare), random.NextDouble());
        }

        return window;
    }

    private Task Wait((int Least, int Most) milliseconds, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds.Least + (random.NextDouble() * (milliseconds.Most - milliseconds.Least))), time, cancellationToken);
}
