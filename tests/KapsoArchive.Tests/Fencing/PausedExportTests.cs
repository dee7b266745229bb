using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kills;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Fencing;

/// <summary>The writer of an export is paused at a call of its store, past its lock's term, while another carries the export out. It spoils
/// nothing when it goes on.</summary>
public sealed class PausedExportTests(AzuriteServer azurite)
{
    private const int Messages = 60;

    private static readonly RunLimits SmallParts = new() { RowGroupRows = 12, PartRows = 25 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => Samples.Seeds;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Pausing_at_any_folder_call_corrupts_nothing(int seed)
    {
        using var place = new FolderKillPlace();
        await PauseAsync(place, sampled: 6, seed, export =>
        {
            string locks = Path.Combine(place.Settings["Archive__Destination"], "_state", "export-locks");
            foreach (string name in (string[])[$".{export}.held", export])
            {
                if (Directory.Exists(locks)) // Otherwise it was paused before it had one.
                    File.Delete(Path.Combine(locks, name));
            }

            return Task.CompletedTask;
        });
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Pausing_at_any_blob_call_corrupts_nothing(int seed)
    {
        using var place = new BlobKillPlace(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        await PauseAsync(place, sampled: 2, seed, async export =>
        {
            var state = new BlobContainerClient(place.Settings["Archive__ConnectionString"], place.Settings["Archive__Container"] + "-state");
            try
            {
                await state.GetBlobClient($"export-locks/{export}").GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancellation);
            }
            catch (RequestFailedException e) when (e.Status is 404 or 409)
            {
                // It was paused before it had one.
            }
        });
    }

    private static async Task PauseAsync(KillPlace place, int sampled, int seed, Func<string, Task> breakLock)
    {
        var random = new Random(seed);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 3, Messages = Messages, IncludeSamples = false }, cancellationToken: Cancellation);
        int calls = 0;
        await using (var counted = new RunHarness(sandbox.BaseUrl, new ObservedStore(place.Store, call => calls = call), SmallParts))
            await counted.Worker.HandleAsync(await AcceptedAsync(counted), Cancellation);

        IEnumerable<int> points = Samples.IsExhaustive ? Enumerable.Range(1, calls) : Enumerable.Range(0, sampled).Select(_ => random.Next(1, calls));
        int paused = 0;
        foreach (int at in points)
            paused += await PauseAsync(sandbox, place.Store, at, breakLock) ? 1 : 0;

        paused.ShouldBeGreaterThan(0);
        (await NamesAsync(place.Store, StoreArea.State)).ShouldAllBe(name => name.StartsWith("exports/"), "nothing else is left of them");
    }

    /// <returns>Whether the writer came so far.</returns>
    private static async Task<bool> PauseAsync(SandboxServer sandbox, IStore store, int at, Func<string, Task> breakLock)
    {
        using var pause = new PausePoint(at);
        await using var slow = new RunHarness(sandbox.BaseUrl, new ObservedStore(store, pause.Called), SmallParts);
        await using var other = new RunHarness(sandbox.BaseUrl, store, SmallParts);
        RunMessage message = await AcceptedAsync(other);
        Task<bool> stale = Task.Run(() => IsHandledAsync(slow, message), Cancellation);
        bool isReached = await pause.IsReachedAsync(stale, Cancellation);
        if (isReached)
        {
            await breakLock(message.RunId!);
            (await IsHandledAsync(other, message)).ShouldBeTrue($"paused at call {at}");
        }

        pause.GoOn();
        await stale; // It is done, or it learns that another was faster.
        await other.Worker.HandleAsync(message, Cancellation); // Each message comes once more, if it was not handled.
        await ShouldBeWholeAsync(other, store, message.RunId!, $"paused at call {at}");
        return isReached;
    }

    private static async Task<RunMessage> AcceptedAsync(RunHarness harness)
    {
        var request = new RunRequest { Kind = RunKind.Export, Conversations = ConversationSelection.All, Formats = [PartFormat.Parquet, PartFormat.Csv], Trigger = "http" };
        ProgressDocument accepted = await harness.Exports.CreateAsync(request, operationId: null, Cancellation);
        return new RunMessage(accepted.RunId, RunKind.Export);
    }

    private static async Task<bool> IsHandledAsync(RunHarness harness, RunMessage message)
    {
        try
        {
            await harness.Worker.HandleAsync(message, Cancellation);
            return true;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private static async Task ShouldBeWholeAsync(RunHarness harness, IStore store, string export, string when)
    {
        ProgressDocument record = (await harness.Exports.FindAsync(export, Cancellation)).ShouldNotBeNull(when);
        record.Status.ShouldBe(RunStatus.Succeeded, $"{when}: {record.Error}");
        Manifest manifest = (await harness.Exports.ManifestAsync(export, Cancellation)).ShouldNotBeNull(when);
        manifest.Totals.Rows.Added.ShouldBe(Messages, when);
        (await NamesAsync(store, StoreArea.Exports, $"{export}/"))
            .ShouldBe([.. manifest.Files.Select(f => $"{export}/{f.Path}"), $"{export}/manifest.json", $"{export}/SHA256SUMS"], ignoreOrder: true, when);
        (_, VerificationReport report) = await new ExportVerification(store, TimeProvider.System).VerifyAsync(export, new VerificationTracker(), Cancellation);
        report.Findings.ShouldBeEmpty(when);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(IStore store, StoreArea area, string prefix = "") =>
        [.. await store.ListAsync(area, prefix, Cancellation).Select(f => f.Path.Name).ToListAsync(Cancellation)];
}
