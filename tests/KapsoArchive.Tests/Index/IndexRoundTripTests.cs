using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Index;

/// <summary>How long a far store keeps a run waiting for its index: 1,000 round trips of 20 ms for 100,000 conversations.</summary>
public sealed class IndexRoundTripTests(AzuriteServer azurite)
{
    private const string FirstRun = "20261122T020000Z-00000001";
    private const string SecondRun = "20261123T020000Z-00000002";

    private static readonly int Conversations = Samples.Count(byDefault: 5_000, all: 100_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leaves_are_written_concurrently_without_being_read_first()
    {
        BlobStore blobs = BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        await blobs.PrepareAsync(Cancellation);
        (IStore store, RoundTrips trips) = RoundTrips.Of(blobs);
        string[] ids = [.. Enumerable.Range(0, Conversations).Select(Id).Order(StringComparer.Ordinal)];

        await ArchiveIndex.CommitAsync(store, Update(ids, FirstRun, previous: null), Cancellation);

        int leaves = (await ArchiveIndex.ReadAsync(blobs, Cancellation)).Catalog.Leaves.Count;
        leaves.ShouldBeGreaterThan(Conversations / 20);
        trips.Calls.ShouldBeLessThan(leaves + 10);
        trips.Sequential.ShouldBeLessThanOrEqualTo(Math.Max(Conversations / 100, 50));
        TestContext.Current.TestOutputHelper!.WriteLine($"{leaves} leaves: {trips.Calls} calls, {trips.Sequential} round trips one after another");

        await ArchiveIndex.CommitAsync(store, Update(ids[..10], SecondRun, FirstRun), Cancellation);
        (await ArchiveIndex.OpenAsync(blobs, SecondRun, Fingerprint.CurrentVersion, Cancellation)).Find(ids[0])!.Live.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Leaves_changed_by_a_later_run_are_read_concurrently(int everyNth)
    {
        BlobStore blobs = BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        await blobs.PrepareAsync(Cancellation);
        string[] ids = [.. Enumerable.Range(0, Conversations).Select(Id).Order(StringComparer.Ordinal)];
        await ArchiveIndex.CommitAsync(blobs, Update(ids, FirstRun, previous: null), Cancellation);
        (IStore store, RoundTrips trips) = RoundTrips.Of(blobs);
        string[] moved = [.. ids.Where((_, i) => i % everyNth == 0)];

        await ArchiveIndex.CommitAsync(store, Update(moved, SecondRun, FirstRun), Cancellation);

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{moved.Length} conversations moved: {trips.Calls} calls, {trips.Sequential} round trips one after another");
        trips.Sequential.ShouldBeLessThanOrEqualTo(Math.Max(Conversations / 100, 50));
        ArchiveIndex index = await ArchiveIndex.OpenAsync(blobs, SecondRun, Fingerprint.CurrentVersion, Cancellation);
        index.Catalog.Conversations.Select(c => c.Live).ShouldBe(ids.Select((_, i) => i % everyNth == 0 ? 2 : 1));
        foreach (string id in moved[..10])
            (await index.MessagesAsync(id, Cancellation)).Count.ShouldBe(2);
    }

    /// <summary>Spread over all ids: leaves are divided by what ids look like.</summary>
    private static string Id(int number) => MessageKey.ToUuid(new UInt128((ulong)number * 0x9E3779B97F4A7C15, (ulong)number));

    private static IndexUpdate Update(string[] ids, string run, string? previous) => new()
    {
        RunId = run,
        PreviousRunId = previous,
        Visits = [.. ids.Select(id => new ConversationVisit(id, ConversationOutcome.Complete, IsFull: true, IsUnknownToSource: false, 0, Written: 1, 0, 0))],
        Changes = ids.Select((id, i) => Added(id, new UInt128(run[^1], (ulong)i))).ToAsyncEnumerable(),
    };

    private static ConversationChanges Added(string id, UInt128 key) =>
        new(id, null, [new MessageChange(key, 7, Change.Added)], ConversationMessages.NoTexts);
}
