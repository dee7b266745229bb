using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Histories;

/// <summary>What a server keeps of conversations that it has shown.</summary>
public sealed class KnownOutlinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_further_page_reads_only_its_own_parts_and_equals_one_that_was_learned_anew()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 500, IncludeSamples = false }, cancellationToken: Cancellation);
        string id = sandbox.Data.Conversations.MaxBy(c => c.MessageCount)!.Id;
        MovingListing listing = sandbox.Listings.Moving(id);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path));
        var all = new RunRequest { Conversations = ConversationSelection.All, Formats = [PartFormat.Parquet], Trigger = "cli", Full = true };
        await harness.RunAsync(all);
        for (int night = 0; night < 3; night++)
        {
            listing.InsertNewest();
            await harness.RunAsync(all);
        }

        (IStore store, FileReads reads) = FileReads.Of(new FolderStore(_folder.Path));
        var known = new ConversationHistories(store, new KnownOutlines());
        var anew = new ConversationHistories(new FolderStore(_folder.Path));
        var request = new HistoryRequest(id, 40) { Links = true };
        ConversationHistory newest = await known.ReadAsync(request, Cancellation);
        int opened = reads.Files.Where(f => f.Key.StartsWith("messages/", StringComparison.Ordinal)).Sum(f => f.Value.Opened);
        ConversationHistory page = newest;
        for (int pages = 0; pages < 3; pages++)
        {
            HistoryRequest older = request with { Before = page.Older, Direction = pages == 2 ? "inbound" : null };
            page = await known.ReadAsync(older, Cancellation);
            ConversationHistory same = await anew.ReadAsync(older, Cancellation);
            page.Messages.ShouldBe(same.Messages);
            (page.Total, page.Matching, page.Older, page.Newer).ShouldBe((same.Total, same.Matching, same.Older, same.Newer));
        }

        int after = reads.Files.Where(f => f.Key.StartsWith("messages/", StringComparison.Ordinal)).Sum(f => f.Value.Opened);
        (after - opened).ShouldBe(3, "the pages are all in the first night's part");
        listing.InsertNewest();
        await harness.RunAsync(all);
        (await known.ReadAsync(request, Cancellation)).Total.ShouldBe(newest.Total + 1);
    }
}
