using KapsoArchive.Core.Storage;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Kills;

/// <summary>Runs that are broken off in this process, at every call of the store in turn or at random instants; the next finishes
/// them.</summary>
public sealed class BrokenOffRunTests(AzuriteServer azurite)
{
    private const int Interruptions = 10;

    /// <summary>The calls to die at: every nth, from one on that differs with each execution; all of them if the environment says so.</summary>
    private static readonly int Every = Samples.Count(byDefault: 8, all: 1);

    private static readonly int First = 1 + Random.Shared.Next(Every);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_killed_at_any_folder_call_is_finished_by_the_next()
    {
        using var place = new FolderKillPlace();
        await DieAtEachCallAsync(place);
    }

    [Fact]
    public async Task A_run_killed_at_any_blob_call_is_finished_by_the_next()
    {
        using var place = new BlobKillPlace(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        await DieAtEachCallAsync(place);
    }

    [Fact]
    public async Task A_run_interrupted_at_any_folder_call_is_finished_by_the_next()
    {
        using var place = new FolderKillPlace();
        await BreakOffAsync<OperationCanceledException>(place, every: 3, (call, at, cancel) =>
        {
            if (call == at)
                cancel.Cancel();
        });
    }

    [Fact]
    public async Task A_run_interrupted_at_any_moment_of_reading_is_finished_by_the_next()
    {
        var random = new Random(1);
        using var place = new FolderKillPlace();
        await using KillWorld world = await KillWorld.StartAsync(random, longest: 1_500, Cancellation);
        using var audit = new ArchiveAudit(place);
        int interrupted = 0;
        for (int i = 0; i < Interruptions; i++)
        {
            world.Move();
            world.IsRestless = true;
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            await using RunHarness run = Harness(world, place.Store);
            cancel.CancelAfter(random.Next(800));
            interrupted += await IsBrokenOffAsync<OperationCanceledException>(run, cancel) ? 1 : 0;
            world.IsRestless = false;
            await FinishAsync(world, place, audit, $"interruption {i}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{interrupted} of {Interruptions} interrupted");
        await audit.CheckAllAsync(Cancellation);
    }

    [Fact]
    public async Task A_run_given_up_after_its_commit_is_completed_by_the_next()
    {
        StorePath[] state = [new(StoreArea.State, "latest.json"), new(StoreArea.State, "index/catalog")];
        var random = new Random(1);
        using var place = new FolderKillPlace();
        await using KillWorld world = await KillWorld.StartAsync(random, longest: 150, Cancellation);
        using var audit = new ArchiveAudit(place);
        await FinishAsync(world, place, audit, "the first run");
        StoredDocument?[] before = await Task.WhenAll(state.Select(path => place.Store.ReadAsync(path, Cancellation)));
        for (int i = 0; i < 5; i++)
            world.Move();
        await FinishAsync(world, place, audit, "the second run");

        foreach ((StorePath path, StoredDocument? document) in state.Zip(before))
            await place.Store.ReplaceAsync(path, document!.Content, (await place.Store.ReadAsync(path, Cancellation))!.ETag, Cancellation);

        await FinishAsync(world, place, audit, "the third run");
        await audit.CheckAllAsync(Cancellation);
    }

    private static Task DieAtEachCallAsync(KillPlace place) => BreakOffAsync<DeathException>(place, Every, (call, at, _) =>
    {
        if (call >= at)
            throw new DeathException();
    });

    /// <param name="place">Where the archive lies.</param>
    /// <param name="every">The calls to break off at: every nth.</param>
    /// <param name="calling">Told of each call, of the one to break off at, and of how to interrupt the run.</param>
    private static async Task BreakOffAsync<TException>(KillPlace place, int every, Action<int, int, CancellationTokenSource> calling)
        where TException : Exception
    {
        var random = new Random(1);
        await using KillWorld world = await KillWorld.StartAsync(random, longest: 150, Cancellation);
        using var audit = new ArchiveAudit(place);
        await FinishAsync(world, place, audit, "the first run");
        int calls;
        int at = Math.Min(every, First);
        TestContext.Current.TestOutputHelper!.WriteLine($"every call of {every}, from call {at} on");
        do
        {
            world.Move();
            calls = 0;
            int breakOffAt = at;
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            await using RunHarness run = Harness(world, new ObservedStore(place.Store, call =>
            {
                calls = call;
                calling(call, breakOffAt, cancel);
            }));
            bool isBrokenOff = await IsBrokenOffAsync<TException>(run, cancel);
            StoreLook look = await StoreLook.TakeAsync(place, audit.Committed, Cancellation);
            look.Orphans.ShouldBeEmpty($"call {at}");
            await FinishAsync(world, place, audit, $"{(isBrokenOff ? "broken off" : "not broken off")} at call {at}, before {look.Phase}");
            at += every;
        }
        while (calls >= at - every);

        TestContext.Current.TestOutputHelper!.WriteLine($"broken off at {calls} calls");
        at.ShouldBeGreaterThan(30);
        await audit.CheckAllAsync(Cancellation);
    }

    private static async Task<bool> IsBrokenOffAsync<TException>(RunHarness run, CancellationTokenSource cancel)
        where TException : Exception
    {
        try
        {
            await run.RunAsync(cancel.Token);
            return false;
        }
        catch (TException)
        {
            return true;
        }
    }

    private static async Task FinishAsync(KillWorld world, KillPlace place, ArchiveAudit audit, string when)
    {
        await using RunHarness next = Harness(world, place.Store);
        await next.RunAsync();
        if (world.TakeDeleted())
            await next.RunAsync();
        await audit.CheckAsync(world.Truth(), when, Cancellation);
    }

    private static RunHarness Harness(KillWorld world, IStore store) =>
        new(world.Api, store, settings: [new("Archive:FullSweepEvery", "00:00:00"), new("Archive:RemovalGrace", "00:00:00"), new("Archive:SliceDuration", "00:00:01")]);
}
