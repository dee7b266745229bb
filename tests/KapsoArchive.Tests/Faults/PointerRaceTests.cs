using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Faults;

/// <summary>Two runs that publish at once, because a store's lock did not hold: <c>latest.json</c> never goes back.</summary>
public sealed class PointerRaceTests(AzuriteServer azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_a_folder_without_locks_the_pointer_stays_at_the_newest_run()
    {
        using var folder = new TemporaryFolder();

        await OvertakeAsync(new FolderStore(folder.Path), hasLocks: false);
    }

    [Fact]
    public async Task In_blob_containers_the_pointer_stays_at_the_newest_run() =>
        await OvertakeAsync(BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName()), hasLocks: true);

    /// <param name="store">Where both write.</param>
    /// <param name="hasLocks">Whether it can replace a document only as it was read.</param>
    private static async Task OvertakeAsync(IStore store, bool hasLocks)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 60 }, cancellationToken: Cancellation);
        await using var fast = new RunHarness(sandbox.BaseUrl, store);
        IStore overtaken = OvertakenStore.Of(store, hasLocks, () => fast.RunAsync());
        await using var slow = new RunHarness(sandbox.BaseUrl, overtaken);

        try
        {
            await slow.RunAsync();
        }
        catch (StoreException)
        {
            // It may notice that it was overtaken.
        }

        string newest = await store.ListAsync(StoreArea.Data, "_manifests/", Cancellation).Select(f => f.Path.Name[11..^5]).LastAsync(Cancellation);
        newest.ShouldNotBe(slow.Tracker.RunId);
        StoredDocument latest = (await store.ReadAsync(new StorePath(StoreArea.State, "latest.json"), Cancellation)).ShouldNotBeNull();
        LatestPointer.FromJson(latest.Content.Span).RunId.ShouldBe(newest);
        await fast.RunAsync();
        VerificationReport report = await new ArchiveVerification(store, TimeProvider.System).VerifyAsync(new VerificationRequest(null, RebuildIndex: false), new VerificationTracker(), Cancellation);
        report.Findings.ShouldBeEmpty();
    }
}
