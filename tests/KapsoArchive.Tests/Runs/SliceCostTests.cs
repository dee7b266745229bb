using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>What a slice reads of the journal: as much in the hundredth as in the first.</summary>
public sealed class SliceCostTests : IDisposable
{
    private const int Slices = 100;
    private const int PerSlice = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly SliceEnds _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_hundredth_slice_reads_no_more_of_the_journal_than_the_first()
    {
        const int Conversations = (Slices + 30) * PerSlice;
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = Conversations, Messages = Conversations * 8L, IncludeSamples = false }, cancellationToken: Cancellation);
        string[] ids = [.. sandbox.Data.Conversations.Select(c => c.Id).Order(StringComparer.Ordinal)];
        for (int i = PerSlice; i < Conversations; i += PerSlice)
            sandbox.Listings.Moving(ids[i]).After(0, _ => _time.End());
        (IStore store, JournalReads reads) = JournalReads.Of(new FolderStore(_folder.Path));
        await using var harness = new RunHarness(
            sandbox.BaseUrl, store, time: _time, settings: [new("Archive:SliceDuration", SliceEnds.Duration.ToString())]);

        Manifest manifest = await harness.RunAsync();

        long[] bytes = [.. reads.Slices.Select(s => s.Bytes)];
        int[] documents = [.. reads.Slices.Select(s => s.Documents)];
        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes.Length} slices; bytes: {string.Join(' ', bytes)}; documents: {string.Join(' ', documents)}");
        bytes.Length.ShouldBeGreaterThanOrEqualTo(Slices);
        bytes[80..100].Average().ShouldBeLessThan(1.2 * bytes[5..25].Average());
        documents[80..100].Average().ShouldBeLessThan(1.5 * documents[5..25].Average());
        manifest.Status.ShouldBe("Succeeded");
        manifest.Totals.Conversations.Complete.ShouldBe(Conversations);
        manifest.Totals.Requests.ShouldBe(sandbox.RequestCount);
        (await PresentState.ArchivedAsync(store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
        (await new ArchiveVerification(store, TimeProvider.System)
            .VerifyAsync(new VerificationRequest(RunId: null, RebuildIndex: false), new VerificationTracker(), Cancellation)).Findings.ShouldBeEmpty();
    }
}
