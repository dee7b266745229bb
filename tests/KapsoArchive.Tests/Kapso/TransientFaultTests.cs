using System.Net;
using System.Net.Http.Headers;
using KapsoArchive.Core.Kapso;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace KapsoArchive.Tests.Kapso;

public sealed class TransientFaultTests
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(5);

    public static TheoryData<Exception, bool> Exceptions => new()
    {
        { new HttpRequestException("refused"), true },
        { new IOException("reset"), true },
        { new HttpIOException(HttpRequestError.ResponseEnded), true },
        { new TimeoutRejectedException(), true },
        { new UnexpectedAnswerException("no JSON"), true },
        { new BrokenCircuitException(), true },
        { new TaskCanceledException("connect", new TimeoutException()), true },
        { new OperationCanceledException(), false },
        { new PageTooLargeException("A page is larger than 32 MB."), false },
        { new KeyRefusedException(HttpStatusCode.Unauthorized), false },
        { new KapsoException("redirect"), false },
        { new InvalidOperationException(), false },
    };

    [Theory]
    [InlineData(200, false)]
    [InlineData(302, false)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(408, true)]
    [InlineData(409, false)]
    [InlineData(422, false)]
    [InlineData(429, false)]
    [InlineData(499, false)]
    [InlineData(500, true)]
    [InlineData(501, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(520, true)]
    [InlineData(599, true)]
    public void A_status_is_transient_or_not(int status, bool transient) =>
        TransientFault.Is((HttpStatusCode)status).ShouldBe(transient);

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public void An_exception_is_transient_or_not(Exception exception, bool transient) => TransientFault.Is(exception).ShouldBe(transient);

    [Fact]
    public void Retry_After_is_in_seconds() => RetryAfter(new RetryConditionHeaderValue(TimeSpan.FromSeconds(60))).ShouldBe(TimeSpan.FromSeconds(60));

    [Fact]
    public void Retry_After_can_be_a_date() => RetryAfter(new RetryConditionHeaderValue(WaitingClock.Midnight.AddSeconds(7))).ShouldBe(TimeSpan.FromSeconds(7));

    [Fact]
    public void A_date_is_read_against_the_answers_own_clock()
    {
        DateTimeOffset wrong = WaitingClock.Midnight.AddHours(-3);

        RetryAfter(new RetryConditionHeaderValue(wrong.AddSeconds(7)), wrong).ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void An_absurdly_long_Retry_After_is_shortened()
    {
        RetryAfter(new RetryConditionHeaderValue(TimeSpan.FromSeconds(int.MaxValue))).ShouldBe(Most);
        RetryAfter(new RetryConditionHeaderValue(DateTimeOffset.MaxValue)).ShouldBe(Most);
    }

    [Fact]
    public void A_Retry_After_of_zero_or_in_the_past_keeps_the_usual_pause()
    {
        RetryAfter(new RetryConditionHeaderValue(TimeSpan.Zero)).ShouldBeNull();
        RetryAfter(new RetryConditionHeaderValue(WaitingClock.Midnight.AddSeconds(-1))).ShouldBeNull();
        RetryAfter(null).ShouldBeNull();
        TransientFault.RetryAfter(null, TimeProvider.System, Most).ShouldBeNull();
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? value, DateTimeOffset? date = null)
    {
        using HttpResponseMessage answer = Answers.Status(429, value, date)();
        return TransientFault.RetryAfter(answer, new WaitingClock(TimeSpan.Zero), Most);
    }
}
