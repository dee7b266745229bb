using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Tests.Kills;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Fencing;

/// <summary>
/// One archive whose writer is paused at a call of its store, past its lock's term; another writer has a whole night meanwhile, then the
/// first one goes on. Each night after that must be as if nothing had been.
/// </summary>
internal sealed class PauseRounds(KillWorld world, KillPlace place, Func<Task> breakLock, CancellationToken cancellationToken) : IDisposable
{
    private static readonly RunLimits SmallParts = new() { RowGroupRows = 6, PartRows = 12 };

    private readonly ArchiveAudit _audit = new(place);

    /// <summary>The writers that were paused, by how they ended.</summary>
    public Dictionary<string, int> Ends { get; } = new(StringComparer.Ordinal);

    public Task FinishAsync(string when) => NightAsync(when);

    /// <summary>Counts the calls of a night that nobody pauses.</summary>
    public async Task<int> CountAsync()
    {
        world.Move();
        int calls = 0;
        await using RunHarness night = Harness(new ObservedStore(place.Store, call => calls = call));
        await night.RunAsync();
        await NightAsync("counted");
        return calls;
    }

    /// <param name="at">The call before which the first writer is paused.</param>
    /// <param name="meanwhile">The call of the second writer before which the first goes on; null to let the second end first.</param>
    /// <returns>Whether the first writer came so far.</returns>
    public async Task<bool> PauseAsync(int at, int? meanwhile = null)
    {
        string when = $"paused at call {at}{(meanwhile is null ? "" : $", gone on at call {meanwhile} of the other")}";
        world.Move();
        using var paused = new PausePoint(at);
        await using RunHarness first = Harness(new ObservedStore(place.Store, paused.Called));
        Task<Manifest> night = Task.Run(() => first.RunAsync(), cancellationToken);
        if (!await paused.IsReachedAsync(night, cancellationToken))
        {
            await night;
            await NightAsync(when);
            return false;
        }

        await breakLock();
        world.Move();
        if (meanwhile is { } second)
            await BothAsync(first, night, paused, second, when);
        else
            await SecondAsync(first, night, paused, when);
        await NightAsync(when);
        return true;
    }

    public async Task ShouldBeSoundAsync()
    {
        await _audit.CheckAllAsync(cancellationToken);
        VerificationReport report = await new ArchiveVerification(place.Store, TimeProvider.System)
            .VerifyAsync(new VerificationRequest(RunId: null, RebuildIndex: false), new VerificationTracker(), cancellationToken);
        report.Findings.ShouldBeEmpty();
        report.Remarks.ShouldBeEmpty();
        (await place.Store.ListAsync(StoreArea.State, "claims/", cancellationToken).CountAsync(cancellationToken)).ShouldBeLessThan(100);
    }

    public void Dispose() => _audit.Dispose();

    private async Task SecondAsync(RunHarness first, Task<Manifest> night, PausePoint paused, string when)
    {
        await using (RunHarness second = Harness(place.Store))
        {
            (await second.RunAsync()).Status.ShouldBe("Succeeded", when);
            second.Tracker.IndexRebuilt.ShouldBeNull(when);
        }

        paused.GoOn();
        await EndAsync(first, night, when);
    }

    private async Task BothAsync(RunHarness first, Task<Manifest> night, PausePoint paused, int at, string when)
    {
        using var meanwhile = new PausePoint(at);
        await using RunHarness second = Harness(new ObservedStore(place.Store, meanwhile.Called));
        Task<Manifest> other = Task.Run(() => second.RunAsync(), cancellationToken);
        await meanwhile.IsReachedAsync(other, cancellationToken);
        paused.GoOn();
        await EndAsync(first, night, when);
        meanwhile.GoOn();
        await EndAsync(second, other, when);
    }

    /// <summary>Whoever says that it committed did so, and who says that it did not has not.</summary>
    private async Task EndAsync(RunHarness harness, Task<Manifest> night, string when)
    {
        string end;
        try
        {
            Manifest manifest = await night;
            (await IsCommittedAsync(manifest.RunId)).ShouldBeTrue($"{when}: told as committed");
            end = "committed";
        }
        catch (StoreException e)
        {
            end = e.GetType().Name;
            if (harness.Tracker.RunId is { } run && !e.Message.Contains("was lost", StringComparison.Ordinal))
                (await IsCommittedAsync(run)).ShouldBeFalse($"{when}: told as failed: {e.Message}");
        }

        Ends[end] = Ends.GetValueOrDefault(end) + 1;
    }

    private async Task<bool> IsCommittedAsync(string runId) =>
        await place.Store.ReadAsync(new StorePath(StoreArea.Data, Layout.Manifest(runId)), cancellationToken) is not null;

    private async Task NightAsync(string when)
    {
        await using RunHarness next = Harness(place.Store);
        (await next.RunAsync()).Status.ShouldBe("Succeeded", when);
        next.Tracker.IndexRebuilt.ShouldBeNull(when);
        if (world.TakeDeleted())
            await next.RunAsync();
        await _audit.CheckAsync(world.Truth(), when, cancellationToken);
    }

    private RunHarness Harness(IStore store) =>
        new(world.Api, store, SmallParts, settings: [new("Archive:FullSweepEvery", "00:00:00"), new("Archive:RemovalGrace", "00:00:00")]);
}
