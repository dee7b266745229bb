using System.Net.Http.Headers;
using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Tests.Kapso;

/// <summary>What is asked again, how often and after how long: the real pipeline over a scripted transport and a clock that stands
/// still.</summary>
public sealed class RetryTests
{
    private readonly WaitingClock _clock = new(TestSource.AttemptTimeout);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_500_is_retried_once_and_counted()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(500, """{"error":"Oops"}"""), Answers.Page);
        await using TestSource source = TestSource.Over(transport);

        Page page = await source.GetPageAsync();

        page.Records.Count.ShouldBe(1);
        (transport.Requests, source.Counters.Requests, source.Counters.Retries, source.Counters.Throttled).ShouldBe((2, 2, 1, 0));
    }

    [Fact]
    public async Task A_page_is_requested_by_its_documented_URL()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Page);
        await using TestSource source = TestSource.Over(transport);

        await source.Client.GetMessagesAsync("a?b c", 3, 99, retries: null, Cancellation);
        transport.LastAddress!.AbsoluteUri.ShouldBe("https://kapso.test/api/v1/whatsapp_conversations/a%3Fb%20c/whatsapp_messages?page=3&per_page=99");

        await source.Client.GetConversationsAsync(2, 100, null, Cancellation);
        transport.LastAddress!.AbsoluteUri.ShouldBe("https://kapso.test/api/v1/whatsapp_conversations?page=2&per_page=100");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_503_waits_exactly_for_its_Retry_After(bool asDate)
    {
        RetryConditionHeaderValue asked = asDate ? new(WaitingClock.Midnight.AddSeconds(17)) : new(TimeSpan.FromSeconds(17));
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(503, asked), Answers.Page);
        await using TestSource source = TestSource.Over(transport, _clock);

        Task<Page> page = source.GetPageAsync();
        (await _clock.NextWaitAsync(Cancellation)).ShouldBe(TimeSpan.FromSeconds(17));
        _clock.Advance(TimeSpan.FromSeconds(17) - TimeSpan.FromMilliseconds(1));
        transport.Requests.ShouldBe(1);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        (await page).Records.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_pause_before_a_retry_grows_and_stays_below_its_bound()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(500));
        await using TestSource source = TestSource.Over(transport, _clock, maxRetries: 12);

        Task<Page> page = source.GetPageAsync();
        List<TimeSpan> waits = [];
        for (int retry = 0; retry < 12; retry++)
        {
            waits.Add(await _clock.NextWaitAsync(Cancellation));
            _clock.Advance(waits[^1]);
        }

        (await Should.ThrowAsync<KapsoException>(page)).Message.ShouldBe("Kapso answered 500.");
        waits.ShouldAllBe(wait => wait > TimeSpan.Zero && wait <= TimeSpan.FromMinutes(1));
        waits[8].ShouldBeGreaterThan(waits[0]);
    }

    [Fact]
    public async Task A_429_waits_for_its_Retry_After_and_counts_as_no_failure()
    {
        // Fifty within the time that the circuit breaker looks at, and far more than it would bear.
        Func<HttpResponseMessage> throttled = Answers.Status(429, new RetryConditionHeaderValue(TimeSpan.FromSeconds(1)));
        using ScriptedTransport transport = ScriptedTransport.Answering([.. Enumerable.Repeat(throttled, 50), Answers.Status(500), Answers.Page]);
        await using TestSource source = TestSource.Over(transport, _clock, maxRetries: 1);

        Task<Page> page = source.GetPageAsync();
        for (int number = 1; number <= 50; number++)
        {
            (await _clock.NextWaitAsync(Cancellation)).ShouldBe(TimeSpan.FromSeconds(1));
            transport.Requests.ShouldBe(number);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // The one retry is still there for the 500.
        _clock.Advance(await _clock.NextWaitAsync(Cancellation));
        (await page).Records.Count.ShouldBe(1);
        (source.Counters.Requests, source.Counters.Retries, source.Counters.Throttled).ShouldBe((52, 51, 50));
    }

    [Fact]
    public async Task A_429_without_a_time_still_waits()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(
            Answers.Status(429, new RetryConditionHeaderValue(TimeSpan.Zero)), Answers.Status(429), Answers.Page);
        await using TestSource source = TestSource.Over(transport, _clock);

        Task<Page> page = source.GetPageAsync();
        for (int number = 1; number <= 2; number++)
        {
            TimeSpan wait = await _clock.NextWaitAsync(Cancellation);
            wait.ShouldBeGreaterThan(TimeSpan.Zero);
            _clock.Advance(wait);
        }

        (await page).Records.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Requests_to_a_source_that_always_fails_pause_for_a_while()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(503));
        await using TestSource source = TestSource.Over(transport, _clock, maxRetries: 0);

        for (int number = 0; number < 20; number++)
            await source.FailAsync();
        KapsoException exception = await source.FailAsync();

        exception.Message.ShouldBe("Kapso failed so often that requests to it are paused.");
        transport.Requests.ShouldBe(20);
    }

    /// <summary>They may be about one page: eight conversations with such a page are no outage.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(504)]
    public async Task Answers_that_may_concern_one_page_do_not_open_the_circuit(int status)
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(status));
        await using TestSource source = TestSource.Over(transport, _clock, maxRetries: 0);

        for (int number = 0; number < 100; number++)
            (await source.FailAsync()).Message.ShouldBe($"Kapso answered {status}.");

        transport.Requests.ShouldBe(100);
    }

    [Fact]
    public async Task Cancelling_ends_a_wait()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(429, new RetryConditionHeaderValue(TimeSpan.FromSeconds(60))));
        await using TestSource source = TestSource.Over(transport, _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        Task<Page> page = source.Client.GetMessagesAsync("c1", 1, 100, retries: null, stop.Token);
        await _clock.NextWaitAsync(Cancellation);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(page);
        transport.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_timeout_is_retried_and_is_not_a_cancellation()
    {
        using var transport = new ScriptedTransport(_ => throw new TaskCanceledException("connect", new TimeoutException()));
        await using TestSource source = TestSource.Over(transport);

        (await source.FailAsync()).Message.ShouldBe("Kapso did not answer in time.");
        transport.Requests.ShouldBe(3);
    }
}
