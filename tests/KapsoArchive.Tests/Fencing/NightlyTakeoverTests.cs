using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Dispatch;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kills;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Fencing;

/// <summary>A server that is paused while it begins the nightly run, past its lock's term. The next night begins all the same.</summary>
public sealed class NightlyTakeoverTests : DispatchTest
{
    private static readonly KeyValuePair<string, string?>[] All = [new("Archive:Conversations", "all")];

    [Fact]
    public async Task A_start_paused_at_any_store_call_does_not_block_a_later_night()
    {
        var small = new SandboxOptions { Conversations = 3, Messages = 30 };
        await using SandboxServer sandbox = await SandboxServer.StartAsync(small, cancellationToken: Cancellation);
        await using (var first = new RunHarness(sandbox.BaseUrl, Store))
            await first.RunAsync();
        int paused = 0;
        int step = Samples.IsExhaustive ? 1 : 3;
        for (int at = 1 + Random.Shared.Next(step); await PauseAsync(sandbox, at); at += step)
            paused++;

        paused.ShouldBeGreaterThan(3);
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
    }

    /// <returns>False if the start took fewer calls.</returns>
    private async Task<bool> PauseAsync(SandboxServer sandbox, int at)
    {
        using var pause = new PausePoint(at);
        await using var slow = new RunHarness(sandbox.BaseUrl, new ObservedStore(Store, pause.Called), settings: All);
        await using var other = new RunHarness(sandbox.BaseUrl, Store, settings: All);
        Task<NightlyStart> starting = Task.Run(() => slow.Nightly.StartAsync("timer", Cancellation), Cancellation);
        bool isReached = await pause.IsReachedAsync(starting, Cancellation);
        if (isReached)
        {
            foreach (string name in new[] { ".lock.held", "lock" })
                File.Delete(Path.Combine(Store.LocationOf(StoreArea.State), name));
            await other.RunAsync();
        }

        pause.GoOn();
        NightlyStart stale = await starting;
        if (stale.Outcome != NightlyOutcome.Busy)
            await NextAsync(slow); // Its message comes before the next night.
        NightlyStart next = await other.Nightly.StartAsync("timer", Cancellation);
        next.Outcome.ShouldBe(NightlyOutcome.Begun, $"paused at call {at}: {next.Reason}");
        await NextAsync(other);
        (await new ProgressDocuments(Store).ReadAsync(next.RunId!, Cancellation))!.Status.ShouldBe(RunStatus.Succeeded, $"paused at call {at}");
        (await NamesAsync(StoreArea.State, "journal/")).ShouldBeEmpty($"paused at call {at}");
        return isReached;
    }
}
