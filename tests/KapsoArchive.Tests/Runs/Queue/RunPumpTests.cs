using System.Threading.Channels;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kapso;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Runs.Queue;

public sealed class RunPumpTests(AzuriteServer azurite) : IAsyncDisposable
{
    private static readonly RunMessage First = new("20261122T020000Z-00000001", RunKind.Archive);
    private static readonly RunMessage Second = new("20261122T020000Z-00000002", RunKind.Export);

    private readonly WaitingClock _clock = new(attemptTimeout: TimeSpan.FromSeconds(15));
    private readonly RecordingLogger<RunPump> _logger = new();
    private readonly Channel<RunMessage> _handled = Channel.CreateUnbounded<RunMessage>();
    private readonly Channel<RunMessage> _failed = Channel.CreateUnbounded<RunMessage>();
    private readonly CancellationTokenSource _stop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_message_is_handled_once()
    {
        ChannelRunQueue queue = new(_clock);
        using RunPump pump = Pump(queue);
        Task running = pump.RunAsync(_stop.Token);

        await SendAsync(queue, First);
        await SendAsync(queue, Second);

        (await NextAsync(_handled)).ShouldBe(First);
        (await NextAsync(_handled)).ShouldBe(Second);
        await StopAsync(running);
        await ShouldBeEmptyAsync(queue);
        _logger.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_fails_five_times_with_growing_pauses_is_told_to_have_failed()
    {
        ChannelRunQueue queue = new(_clock);
        using RunPump pump = Pump(queue, handle: (_, _) => throw new InvalidOperationException("As the test wants it."));
        Task running = pump.RunAsync(_stop.Token);
        await SendAsync(queue, First);

        foreach (int seconds in (int[])[10, 60, 300, 900])
        {
            (await _clock.NextWaitAsync(Cancellation)).ShouldBe(TimeSpan.FromSeconds(seconds));
            _failed.Reader.TryRead(out _).ShouldBeFalse();
            _clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        (await NextAsync(_failed)).ShouldBe(First);
        await StopAsync(running);
        await ShouldBeEmptyAsync(queue);
        _logger.Entries.Select(e => e.Level).ShouldBe([LogLevel.Warning, LogLevel.Warning, LogLevel.Warning, LogLevel.Warning, LogLevel.Error]);
        _logger.Entries[0].Text.ShouldBe("Run 20261122T020000Z-00000001: attempt 1 failed; the next is in 00:00:10.");
        _logger.Entries.ShouldAllBe(e => e.Exception is InvalidOperationException);
    }

    [Fact]
    public async Task A_run_that_fails_and_then_succeeds_has_not_failed()
    {
        ChannelRunQueue queue = new(_clock);
        int attempts = 0;
        using RunPump pump = Pump(queue, handle: (message, _) => ++attempts < 5 ? throw new InvalidOperationException("As the test wants it.") : WriteAsync(_handled, message));
        Task running = pump.RunAsync(_stop.Token);
        await SendAsync(queue, First);
        for (int failure = 1; failure < 5; failure++)
            _clock.Advance(await _clock.NextWaitAsync(Cancellation));

        await NextAsync(_handled);

        await StopAsync(running);
        await ShouldBeEmptyAsync(queue);
        _failed.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_failure_that_cannot_be_written_down_is_tried_again_and_not_lost()
    {
        ChannelRunQueue queue = new(_clock);
        bool isDown = true;
        using RunPump pump = Pump(
            queue,
            handle: (_, _) => throw new InvalidOperationException("As the test wants it."),
            fail: (message, _) => isDown ? throw new IOException("The record is gone, as the test wants it.") : WriteAsync(_failed, message));
        Task running = pump.RunAsync(_stop.Token);
        await SendAsync(queue, First);
        for (int failure = 1; failure < 5; failure++)
            _clock.Advance(await _clock.NextWaitAsync(Cancellation));

        TimeSpan pause = await _clock.NextWaitAsync(Cancellation);
        isDown = false;
        _clock.Advance(pause);

        pause.ShouldBe(TimeSpan.FromMinutes(1));
        (await NextAsync(_failed)).ShouldBe(First);
        await StopAsync(running);
        await ShouldBeEmptyAsync(queue);
        _logger.Entries.ShouldContain(e => e.Exception is IOException && e.Text.Contains("could not be written down"));
    }

    [Fact]
    public async Task Workers_work_at_the_same_time_and_no_more_than_there_are()
    {
        ChannelRunQueue queue = new(_clock);
        TaskCompletionSource together = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using RunPump pump = Pump(queue, workers: 3, handle: async (message, token) =>
        {
            await WriteAsync(_handled, message);
            await together.Task.WaitAsync(token);
        });
        for (int i = 0; i < 4; i++)
            await SendAsync(queue, First);
        Task running = pump.RunAsync(_stop.Token);

        for (int i = 0; i < 3; i++)
            await NextAsync(_handled);
        pump.Working.ShouldBe(3);
        _handled.Reader.TryRead(out _).ShouldBeFalse();
        together.SetResult();

        await NextAsync(_handled);
        await StopAsync(running);
        pump.Working.ShouldBe(0);
    }

    [Fact]
    public async Task Stopping_gives_back_what_is_not_finished_and_waits_for_it()
    {
        ChannelRunQueue queue = new(_clock);
        TaskCompletionSource tidied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using RunPump pump = Pump(queue, workers: 2, handle: async (message, token) =>
        {
            await WriteAsync(_handled, message);
            if (message == Second)
                return;
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
            finally
            {
                await tidied.Task;
            }
        });
        await SendAsync(queue, First);
        Task running = pump.RunAsync(_stop.Token);
        await NextAsync(_handled);
        await SendAsync(queue, Second);
        await NextAsync(_handled);

        await _stop.CancelAsync();
        running.IsCompleted.ShouldBeFalse("a handler is still at work");
        await SendAsync(queue, Second);
        tidied.SetResult();
        await running;

        List<(RunMessage?, int)> left = [await TakeAsync(queue), await TakeAsync(queue)];
        left.ShouldBe([(First, 2), (Second, 1)], ignoreOrder: true);
        await ShouldBeEmptyAsync(queue);
    }

    [Fact]
    public async Task A_handler_that_finishes_although_it_was_to_stop_is_done()
    {
        ChannelRunQueue queue = new(_clock);
        using RunPump pump = Pump(queue, handle: async (message, token) =>
        {
            await WriteAsync(_handled, message);
            await Task.Delay(Timeout.InfiniteTimeSpan, token).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await SendAsync(queue, First);
        Task running = pump.RunAsync(_stop.Token);
        await NextAsync(_handled);

        await StopAsync(running);

        await ShouldBeEmptyAsync(queue);
    }

    [Fact]
    public async Task A_queue_that_cannot_be_reached_is_told_once_and_tried_until_it_can()
    {
        FailingQueue queue = new(new ChannelRunQueue(_clock)) { IsDown = true };
        using RunPump pump = Pump(queue, workers: 3);
        Task running = pump.RunAsync(_stop.Token);
        foreach (int seconds in (int[])[1, 2, 4, 8, 16, 30])
        {
            (await _clock.NextWaitAsync(Cancellation)).ShouldBe(TimeSpan.FromSeconds(seconds));
            _clock.Advance(TimeSpan.FromSeconds(seconds));
        }
        TimeSpan last = await _clock.NextWaitAsync(Cancellation);
        pump.FailingSince.ShouldBe(WaitingClock.Midnight);

        queue.IsDown = false;
        await SendAsync(queue, First);
        _clock.Advance(last);

        (await NextAsync(_handled)).ShouldBe(First);
        last.ShouldBe(TimeSpan.FromSeconds(30));
        pump.FailingSince.ShouldBeNull();
        await StopAsync(running);
        _logger.Entries.Select(e => e.Text).ShouldBe(["No message can be taken from the queue. It is tried again until it answers.", "The queue answers again, after 00:01:31."]);
    }

    [Fact]
    public async Task An_outage_is_over_when_the_queue_answers_though_it_is_empty()
    {
        FailingQueue queue = new(new ChannelRunQueue(_clock));
        using RunPump pump = Pump(queue, handle: (message, _) =>
        {
            queue.IsDown = true;
            return WriteAsync(_handled, message);
        });
        Task running = pump.RunAsync(_stop.Token);
        await SendAsync(queue, First);
        await NextAsync(_handled);
        TimeSpan pause = await _clock.NextWaitAsync(Cancellation);
        pump.FailingSince.ShouldBe(WaitingClock.Midnight);

        queue.IsDown = false;
        _clock.Advance(pause);
        (await _logger.NextAsync(Cancellation)).ShouldStartWith("No message can be taken");
        (await _logger.NextAsync(Cancellation)).ShouldStartWith("The queue answers again");

        pump.FailingSince.ShouldBeNull();
        await StopAsync(running);
    }

    [Fact]
    public async Task A_message_that_was_lost_to_another_stops_its_handler()
    {
        using CancellationTokenSource lost = new();
        ChannelRunQueue channel = new(_clock);
        FailingQueue queue = new(channel) { Deliver = delivery => new TroubledDelivery(delivery, canSettle: true, delivery.Attempt == 1 ? lost.Token : CancellationToken.None) };
        int attempts = 0;
        using RunPump pump = Pump(queue, handle: async (message, token) =>
        {
            await WriteAsync(_handled, message);
            if (++attempts == 1)
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
        });
        Task running = pump.RunAsync(_stop.Token);
        await SendAsync(queue, First);
        await NextAsync(_handled);

        await lost.CancelAsync();

        await NextAsync(_handled);
        await StopAsync(running);
        _logger.Entries.ShouldHaveSingleItem().Text.ShouldBe("Run 20261122T020000Z-00000001: its message could not be kept and goes to somebody else.");
    }

    [Fact]
    public async Task A_queue_that_cannot_be_told_of_the_end_does_not_end_the_worker()
    {
        FailingQueue queue = new(new ChannelRunQueue(_clock)) { Deliver = delivery => new TroubledDelivery(delivery, canSettle: delivery.Attempt > 1, CancellationToken.None) };
        using RunPump pump = Pump(queue);
        Task running = pump.RunAsync(_stop.Token);
        await SendAsync(queue, First);

        await NextAsync(_handled);
        (await NextAsync(_handled)).ShouldBe(First, "it comes again, and its handler finds the work done");

        await StopAsync(running);
        _logger.Entries.ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Warning);
    }

    [Fact]
    public async Task In_a_storage_account_messages_are_handled_dropped_and_given_back()
    {
        const int Workers = 2;
        Azure.Storage.Queues.QueueClient client = new(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        StorageRunQueue queue = new(client);
        using RunPump pump = Pump(queue, Workers, handle: async (message, token) =>
        {
            await WriteAsync(_handled, message);
            if (message == Second)
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
        });
        await queue.PrepareAsync(Cancellation);
        await client.SendMessageAsync("no message of ours", Cancellation);
        for (int i = 0; i < 5; i++)
            await SendAsync(queue, First);
        for (int i = 0; i < Workers; i++)
            await SendAsync(queue, Second);
        Task running = pump.RunAsync(_stop.Token);
        for (int i = 0; i < 5 + Workers; i++)
            await NextAsync(_handled);

        // Each worker has one in hand: none asks for another, whose answer a stop would lose, and with it an attempt.
        await StopAsync(running);

        for (int i = 0; i < Workers; i++)
            (await TakeAsync(queue)).ShouldBe((Second, 2));
        (await client.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount.ShouldBe(0);
        _logger.Entries.ShouldContain(e => e.Text == "A message in the queue is not one of an archive run: it was dropped.");
    }

    private RunPump Pump(IRunQueue queue, int workers = 1, Func<RunMessage, CancellationToken, Task>? handle = null, Func<RunMessage, CancellationToken, Task>? fail = null) =>
        new(queue, workers, handle ?? ((message, _) => WriteAsync(_handled, message)), fail ?? ((message, _) => WriteAsync(_failed, message)), _clock, _logger);

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running.WaitAsync(Cancellation);
    }

    private static Task SendAsync(IRunQueue queue, RunMessage message) => queue.SendAsync(message, TimeSpan.Zero, Cancellation);

    private static Task WriteAsync(Channel<RunMessage> channel, RunMessage message) => channel.Writer.WriteAsync(message, CancellationToken.None).AsTask();

    private static async Task<RunMessage> NextAsync(Channel<RunMessage> channel) => await channel.Reader.ReadAsync(Cancellation);

    private static async Task<(RunMessage? Message, int Attempt)> TakeAsync(IRunQueue queue)
    {
        await using RunDelivery delivery = await queue.ReceiveAsync(Cancellation);
        await delivery.CompleteAsync(Cancellation);
        return (delivery.Message, delivery.Attempt);
    }

    /// <summary>What was in the queue before would come before this.</summary>
    private static async Task ShouldBeEmptyAsync(ChannelRunQueue queue)
    {
        RunMessage last = new("last", RunKind.Archive);
        await SendAsync(queue, last);
        (await TakeAsync(queue)).Message.ShouldBe(last);
    }
}
