using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kills;

namespace KapsoArchive.Tests.Fencing;

/// <summary>A writer is paused at a call of its store, past its lock's term, while another writes. It spoils nothing when it goes on.</summary>
public sealed class PausedWriterTests(AzuriteServer azurite)
{
    private const int Sampled = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => Samples.Seeds;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Pausing_at_any_folder_call_corrupts_nothing(int seed)
    {
        using var place = new FolderKillPlace();
        await PauseAsync(place, () => BreakLockOfFolder(place), seed);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Pausing_at_any_blob_call_corrupts_nothing(int seed)
    {
        using var place = new BlobKillPlace(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        await PauseAsync(place, () => BreakLeaseAsync(place), seed);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Continuing_while_the_other_writes_corrupts_nothing(int seed)
    {
        var random = new Random(seed);
        using var place = new FolderKillPlace();
        await using KillWorld world = await KillWorld.StartAsync(random, longest: 60, Cancellation);
        using var rounds = new PauseRounds(world, place, () => BreakLockOfFolder(place), Cancellation);
        await rounds.FinishAsync("the first run");
        int calls = await rounds.CountAsync();

        for (int i = 0; i < Samples.Count(Sampled, 150); i++)
            await rounds.PauseAsync(random.Next(1, calls), random.Next(1, calls));

        await rounds.ShouldBeSoundAsync();
        Tell(rounds, calls);
    }

    private static async Task PauseAsync(KillPlace place, Func<Task> breakLock, int seed)
    {
        var random = new Random(seed);
        await using KillWorld world = await KillWorld.StartAsync(random, longest: 60, Cancellation);
        using var rounds = new PauseRounds(world, place, breakLock, Cancellation);
        await rounds.FinishAsync("the first run");
        int calls = await rounds.CountAsync();

        IEnumerable<int> points = Samples.IsExhaustive
            ? Enumerable.Range(1, calls + 10)
            : Enumerable.Range(0, Sampled).Select(_ => random.Next(1, calls));
        foreach (int at in points)
            await rounds.PauseAsync(at);

        await rounds.ShouldBeSoundAsync();
        Tell(rounds, calls);
    }

    private static void Tell(PauseRounds rounds, int calls) =>
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{calls} calls a night; paused writers: {string.Join(", ", rounds.Ends.Select(e => $"{e.Value} {e.Key}"))}");

    /// <summary>As on a network file system that does not enforce the lock, or by hand.</summary>
    private static Task BreakLockOfFolder(KillPlace place)
    {
        foreach (string name in new[] { ".lock.held", "lock" })
            File.Delete(Path.Combine(place.Settings["Archive__Destination"], "_state", name));
        return Task.CompletedTask;
    }

    private static async Task BreakLeaseAsync(KillPlace place)
    {
        var state = new BlobContainerClient(place.Settings["Archive__ConnectionString"], place.Settings["Archive__Container"] + "-state");
        try
        {
            await state.GetBlobClient("lock").GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancellation);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409)
        {
            // It was paused before it had one.
        }
    }
}
