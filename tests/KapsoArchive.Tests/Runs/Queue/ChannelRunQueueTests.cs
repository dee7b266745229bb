using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Runs.Queue;

public sealed class ChannelRunQueueTests : RunQueueContract
{
    private readonly FakeTimeProvider _clock = new();

    protected override TimeProvider Clock => _clock;

    [Fact]
    public async Task A_message_for_later_does_not_come_before_its_time()
    {
        await Queue.SendAsync(First, TimeSpan.FromDays(7), Cancellation);
        Task<RunDelivery> waiting = Queue.ReceiveAsync(Cancellation);

        Pass(TimeSpan.FromDays(7) - TimeSpan.FromTicks(1));
        waiting.IsCompleted.ShouldBeFalse();
        Pass(TimeSpan.FromTicks(1));

        await using RunDelivery delivery = await waiting;
        delivery.Message.ShouldBe(First);
    }

    protected override Task<IRunQueue> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<IRunQueue>(new ChannelRunQueue(_clock));

    protected override void Pass(TimeSpan time) => _clock.Advance(time);
}
