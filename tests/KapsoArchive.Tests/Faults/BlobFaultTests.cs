using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kills;

namespace KapsoArchive.Tests.Faults;

/// <summary>
/// One fault at each request to blob storage in turn, with the retries that the program has: no run ends otherwise than without the fault, and
/// no row is lost or doubled.
/// </summary>
public sealed class BlobFaultTests(AzuriteServer azurite)
{
    private static readonly StorageFault[] Kinds = [StorageFault.LostAnswer, StorageFault.CutBody, StorageFault.Delayed, StorageFault.CutNotFound, StorageFault.CutServerError];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public Task A_night_survives_one_fault_at_any_request(int seed) => StrikeAsync(seed, (archive, _) => archive.NightAsync());

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public Task An_export_survives_one_fault_at_any_request(int seed) => StrikeAsync(seed, (archive, _) => archive.ExportAsync());

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public Task A_recovery_survives_one_fault_at_any_request(int seed) => StrikeAsync(seed, (archive, random) => archive.RecoveryAsync(random));

    /// <param name="seed">Decides which requests are struck, and how the world moves.</param>
    /// <param name="work">What is done under a fault.</param>
    private async Task StrikeAsync(int seed, Func<FaultedArchive, Random, Task> work)
    {
        var random = new Random(seed);
        await using StorageProxy proxy = await StorageProxy.StartAsync(azurite, Cancellation);
        string container = azurite.NewContainerName();
        BlobClientOptions options = BlobAddress.Options();
        options.Retry.Delay = options.Retry.MaxDelay = TimeSpan.FromMilliseconds(5);
        using var place = new BlobKillPlace(await azurite.ConnectionStringAsync(Cancellation), container);
        await using KillWorld world = await KillWorld.StartAsync(random, longest: 120, Cancellation);
        using var archive = new FaultedArchive(world, place, new BlobStore(new BlobServiceClient(proxy.ConnectionString, options), container));
        await archive.BeginAsync();
        proxy.LetPass();
        await work(archive, random);
        int requests = proxy.Requests;
        requests.ShouldBeGreaterThan(30);
        foreach ((int number, StorageFault fault) in Strikes(random, requests))
        {
            proxy.StrikeNth(number, fault);
            try
            {
                await work(archive, random);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Request {number} of some {requests}: {proxy.Struck}", e);
            }

            string struck = proxy.Struck;
            proxy.LetPass();
            if (fault == StorageFault.Delayed)
            {
                await proxy.DeliverHeldAsync(Cancellation);
                await EndLateLeaseAsync(container);
                await archive.FinishAsync();
            }

            await archive.CheckAsync(struck, mayLeaveNotes: fault == StorageFault.Delayed);
        }

        await archive.EndAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{requests} requests without a fault");
    }

    /// <summary>A request for the lock that arrives late takes it for nobody, until its lease is over.</summary>
    private async Task EndLateLeaseAsync(string container)
    {
        BlobClient archiveLock = new BlobContainerClient(await azurite.ConnectionStringAsync(Cancellation), $"{container}-state").GetBlobClient("lock");
        if ((await archiveLock.GetPropertiesAsync(cancellationToken: Cancellation)).Value.LeaseStatus == LeaseStatus.Locked)
            await archiveLock.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancellation);
    }

    /// <summary>Each request with each kind of fault, or some of these.</summary>
    private static IEnumerable<(int Number, StorageFault Fault)> Strikes(Random random, int requests)
    {
        (int, StorageFault)[] all = [.. Enumerable.Range(1, requests).SelectMany(n => Kinds.Select(k => (n, k)))];
        random.Shuffle(all);
        return all.Take(Samples.Count(3, all.Length));
    }
}
