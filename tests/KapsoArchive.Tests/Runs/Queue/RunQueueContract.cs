using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Tests.Runs.Queue;

/// <summary>What every queue promises.</summary>
public abstract class RunQueueContract : IAsyncLifetime
{
    protected static readonly RunMessage First = new("20261122T020000Z-00000001", RunKind.Archive);
    protected static readonly RunMessage Second = new("20261122T020000Z-00000002", RunKind.Export);

    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(3);

    private IRunQueue? _queue;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected IRunQueue Queue => _queue ?? throw new InvalidOperationException("The test has not begun.");

    /// <summary>This test's own queue.</summary>
    protected abstract Task<IRunQueue> OpenAsync(CancellationToken cancellationToken);

    /// <summary>The clock that delays go by.</summary>
    protected abstract TimeProvider Clock { get; }

    /// <summary>Lets a clock in hand pass the time; the true one does so by itself.</summary>
    protected abstract void Pass(TimeSpan time);

    public async ValueTask InitializeAsync()
    {
        _queue = await OpenAsync(Cancellation);
        await Queue.PrepareAsync(Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("20261122T020000Z-0123abcd", RunKind.Export, null)]
    [InlineData(null, RunKind.Archive, "timer")]
    public async Task A_message_comes_as_it_was_sent(string? runId, RunKind kind, string? trigger)
    {
        RunMessage sent = new(runId, kind, trigger);
        await SendAsync(sent);

        await using RunDelivery delivery = await Queue.ReceiveAsync(Cancellation);

        delivery.Message.ShouldBe(sent);
        delivery.Attempt.ShouldBe(1);
        delivery.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_message_in_hand_is_nobody_elses()
    {
        await SendAsync(First);
        await using RunDelivery held = await Queue.ReceiveAsync(Cancellation);
        await SendAsync(Second);

        await using RunDelivery other = await Queue.ReceiveAsync(Cancellation);

        held.Message.ShouldBe(First);
        other.Message.ShouldBe(Second);
    }

    [Fact]
    public async Task A_message_that_is_done_with_does_not_come_again()
    {
        await SendAsync(First);
        await using (RunDelivery done = await Queue.ReceiveAsync(Cancellation))
            await done.CompleteAsync(Cancellation);
        await SendAsync(Second);

        await using RunDelivery next = await Queue.ReceiveAsync(Cancellation);

        next.Message.ShouldBe(Second);
        next.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_whose_holder_lets_go_of_it_comes_again_at_once()
    {
        await SendAsync(First);
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            await using RunDelivery delivery = await Queue.ReceiveAsync(Cancellation);
            delivery.Message.ShouldBe(First);
            delivery.Attempt.ShouldBe(attempt);
        }
    }

    [Fact]
    public async Task A_message_that_is_tried_again_comes_after_the_delay_and_once()
    {
        await SendAsync(First);
        await using RunDelivery failed = await Queue.ReceiveAsync(Cancellation);
        long since = Clock.GetTimestamp();
        await failed.RetryAsync(Delay, Cancellation);

        await FirstShouldComeAfterTheDelayAsync(since, attempt: 2);
    }

    [Fact]
    public async Task A_message_that_is_sent_for_later_comes_later()
    {
        long since = Clock.GetTimestamp();
        await Queue.SendAsync(First, Delay, Cancellation);

        await FirstShouldComeAfterTheDelayAsync(since, attempt: 1);
    }

    [Fact]
    public async Task Waiting_for_a_message_can_be_given_up()
    {
        using CancellationTokenSource enough = new();
        Task<RunDelivery> waiting = Queue.ReceiveAsync(enough.Token);

        await enough.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    /// <summary>It comes behind what was sent after it, unless the machine is so slow that the delay is over by then.</summary>
    private async Task FirstShouldComeAfterTheDelayAsync(long since, int attempt)
    {
        await SendAsync(Second);
        await using RunDelivery before = await Queue.ReceiveAsync(Cancellation);
        bool isOver = Clock.GetElapsedTime(since) >= Delay;
        Pass(Delay);
        await using RunDelivery after = await Queue.ReceiveAsync(Cancellation);

        (RunDelivery second, RunDelivery first) = isOver && before.Message == First ? (after, before) : (before, after);
        second.Message.ShouldBe(Second);
        first.Message.ShouldBe(First);
        first.Attempt.ShouldBe(attempt);
        Clock.GetElapsedTime(since).ShouldBeGreaterThanOrEqualTo(Delay);
    }

    protected Task SendAsync(RunMessage message) => Queue.SendAsync(message, TimeSpan.Zero, Cancellation);
}
