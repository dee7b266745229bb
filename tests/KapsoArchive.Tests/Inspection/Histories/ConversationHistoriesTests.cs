using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Histories;

/// <summary>Conversations out of the archive, as they are now.</summary>
public sealed class ConversationHistoriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FolderStore Store => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PartFormat.Parquet)]
    [InlineData(PartFormat.Jsonl)]
    public async Task A_message_is_shown_in_its_newest_version_unless_it_was_removed(PartFormat format)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 5, Messages = 700 }, cancellationToken: Cancellation);
        SandboxConversation conversation = sandbox.Data.Conversations.MaxBy(c => c.MessageCount)!;
        MovingListing listing = sandbox.Listings.Moving(conversation.Id);
        await using var harness = new RunHarness(
            sandbox.BaseUrl, Store, new RunLimits { RowGroupRows = 50, PartBytes = 20_000 }, settings: new KeyValuePair<string, string?>("Archive:RemovalGrace", "00:00:00"));
        var request = new RunRequest { Conversations = ConversationSelection.All, Formats = [format], Trigger = "cli", Full = true };
        await harness.RunAsync(request);
        string changed = listing.At(0).Id;
        string removed = listing.At(1).Id;
        listing.Update(changed, "changed by the test");
        listing.Delete(removed);
        SandboxMessage added = listing.InsertNewest();
        await harness.RunAsync(request);
        Manifest newest = await harness.RunAsync(request);

        ConversationHistory history = await new ConversationHistories(Store).ReadAsync(new HistoryRequest(conversation.Id, 10_000), Cancellation);

        history.Snapshot.ShouldBe(newest.RunId);
        history.Total.ShouldBe((int)conversation.MessageCount);
        history.Messages.Count.ShouldBe(history.Total);
        history.Messages.Select(m => m.CreatedAt ?? DateTimeOffset.MinValue).ShouldBeInOrder();
        history.Messages.ShouldNotContain(m => m.Id == removed);
        history.Messages.ShouldContain(m => m.Id == added.Id);
        history.Messages.Single(m => m.Id == changed).Status.ShouldBe("changed by the test");
    }

    [Fact]
    public async Task The_last_messages_are_the_newest_in_order()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 5, Messages = 700 }, cancellationToken: Cancellation);
        SandboxConversation conversation = sandbox.Data.Conversations.MaxBy(c => c.MessageCount)!;
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        await harness.RunAsync();
        var histories = new ConversationHistories(Store);

        ConversationHistory all = await histories.ReadAsync(new HistoryRequest(conversation.Id, int.MaxValue), Cancellation);
        ConversationHistory last = await histories.ReadAsync(new HistoryRequest(conversation.Id, 7), Cancellation);

        last.Messages.ShouldBe(all.Messages.TakeLast(7));
        last.Total.ShouldBe(all.Total);
    }

    [Fact]
    public async Task A_missing_conversation_or_archive_is_reported()
    {
        await Should.ThrowAsync<SettingException>(() => new ConversationHistories(Store).ReadAsync(new HistoryRequest("x", 1), Cancellation));
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 40 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        Manifest manifest = await harness.RunAsync();

        SettingException unknown = await Should.ThrowAsync<SettingException>(() => new ConversationHistories(Store).ReadAsync(new HistoryRequest("no-such\u001B[31m", 1), Cancellation));
        File.Delete(_folder.File(manifest.Files.First(f => f.Dataset == "messages").Path));
        StoreException missing = await Should.ThrowAsync<StoreException>(() => new ConversationHistories(Store).ReadAsync(new HistoryRequest(sandbox.Data.Conversations[0].Id, 1), Cancellation));

        unknown.Message.ShouldContain("has no message of conversation no-such␛[31m.");
        missing.Message.ShouldContain("is missing. Find out more with `kapso-archive verify`.");
    }
}
