using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Tests.Kills;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Faults;

/// <summary>An archive that is written through a store with faults and looked at past them.</summary>
/// <param name="world">What is archived; it moves from run to run.</param>
/// <param name="place">Where, without faults.</param>
/// <param name="faulty">The same place, with faults.</param>
internal sealed class FaultedArchive(KillWorld world, KillPlace place, IStore faulty) : IDisposable
{
    private readonly ArchiveAudit _audit = new(place);
    private string? _export;
    private int _calls;

    /// <summary>The run that was asked for last, as far as it came to be; null if it did not begin.</summary>
    public string? LastRequested { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _audit.Dispose();

    /// <summary>A first run, without faults.</summary>
    public async Task BeginAsync()
    {
        await FinishAsync();
        await CheckAsync("the first run");
        _calls = await CountCallsAsync();
    }

    /// <summary>A night, with faults.</summary>
    /// <returns>The manifest of the run.</returns>
    public async Task<Manifest> NightAsync()
    {
        world.Move();
        await using RunHarness run = Harness(faulty);
        return await AskAsync(run, () => run.RunAsync(), known: []);
    }

    /// <summary>An export of everything, with faults.</summary>
    public async Task<Manifest> ExportAsync()
    {
        await using RunHarness run = Harness(faulty);
        Manifest manifest = await AskAsync(run, () => run.ExportAsync(TimeRange.All, [PartFormat.Parquet, PartFormat.Jsonl], Cancellation), known: []);
        _export = manifest.RunId;
        return manifest;
    }

    /// <summary>A run that dies at some call of the store, and one that finishes it, with faults.</summary>
    public async Task<Manifest> RecoveryAsync(Random random)
    {
        world.Move();
        int at = random.Next(_calls / 3, _calls);
        await using (RunHarness dying = Harness(new ObservedStore(place.Store, call =>
        {
            if (call >= at)
                throw new DeathException();
        })))
        {
            try
            {
                await dying.RunAsync();
            }
            catch (DeathException)
            {
                // A quiet night may end before its call comes.
            }
        }

        await using RunHarness next = Harness(faulty);
        return await AskAsync(next, () => next.RunAsync(), await UnfinishedAsync());
    }

    /// <summary>Finishes what is left and reads what is new, without faults.</summary>
    public async Task FinishAsync()
    {
        await using RunHarness run = Harness(place.Store);
        await run.RunAsync();
    }

    /// <summary>The archive says what the source lists, and nothing is left of any run; and an export is whole.</summary>
    /// <param name="when">What happened.</param>
    /// <param name="mayLeaveNotes">Whether a request for an export's journal may have arrived when that was over.</param>
    public async Task CheckAsync(string when, bool mayLeaveNotes = false)
    {
        if (world.TakeDeleted())
            await FinishAsync();
        await _audit.CheckAsync(world.Truth(), when, Cancellation);
        if (_export is not { } export)
            return;
        (_, VerificationReport report) = await new ExportVerification(place.Store, TimeProvider.System).VerifyAsync(export, new VerificationTracker(), Cancellation);
        report.Findings.ShouldBeEmpty(when);
        ProgressDocument record = (await new ProgressDocuments(place.Store, RunKind.Export).ReadAsync(export, Cancellation)).ShouldNotBeNull(when);
        record.Status.ShouldBe(RunStatus.Succeeded, when);
        if (!mayLeaveNotes)
            (await place.Store.ListAsync(StoreArea.State, $"export-journal/{export}", Cancellation).CountAsync(Cancellation)).ShouldBe(0, when);
        _export = null;
    }

    /// <summary>What takes longer, for the end.</summary>
    public async Task EndAsync()
    {
        await FinishAsync();
        await CheckAsync("the end");
        await _audit.CheckAllAsync(Cancellation);
        VerificationReport report = await new ArchiveVerification(place.Store, TimeProvider.System)
            .VerifyAsync(new VerificationRequest(RunId: null, RebuildIndex: false), new VerificationTracker(), Cancellation);
        report.Findings.ShouldBeEmpty();
    }

    /// <summary>The runs and exports that have a manifest.</summary>
    public async Task<HashSet<string>> CommittedAsync()
    {
        string[] runs = await place.Store.ListAsync(StoreArea.Data, "_manifests/", Cancellation).Select(f => f.Path.Name[11..^5]).ToArrayAsync(Cancellation);
        string[] exports = await place.Store.ListAsync(StoreArea.Exports, "", Cancellation)
            .Where(f => f.Path.Name.EndsWith("/manifest.json", StringComparison.Ordinal)).Select(f => f.Path.Name[..^14]).ToArrayAsync(Cancellation);
        return [.. runs, .. exports];
    }

    /// <summary>Notes which run was under way last, unless it is one that had been left.</summary>
    private async Task<Manifest> AskAsync(RunHarness run, Func<Task<Manifest>> ask, IReadOnlyCollection<string> known)
    {
        LastRequested = null;
        try
        {
            return await ask();
        }
        finally
        {
            if (run.Tracker.RunId is { } id && !known.Contains(id))
                LastRequested = id;
        }
    }

    private async Task<string[]> UnfinishedAsync() => await place.Store.ListAsync(StoreArea.State, "journal/", Cancellation)
        .Select(f => f.Path.Name.Split('/')[1]).Distinct().ToArrayAsync(Cancellation);

    private async Task<int> CountCallsAsync()
    {
        int calls = 0;
        world.Move();
        await using (RunHarness run = Harness(new ObservedStore(place.Store, call => calls = call)))
            await run.RunAsync();
        await CheckAsync("a run that is counted");
        return calls;
    }

    private RunHarness Harness(IStore store) =>
        new(world.Api, store, settings: [new("Archive:FullSweepEvery", "00:00:00"), new("Archive:RemovalGrace", "00:00:00"), new("Archive:SliceDuration", "00:00:10")]);
}
