using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Pages.Conversations;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Histories;

/// <summary>The archived files behind the messages of a conversation.</summary>
public sealed class MessageFilesTests : IDisposable
{
    private const string Id = "55555555-5555-4555-8555-555555555555";
    private const string Other = "66666666-6666-4666-8666-666666666666";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PartFormat.Parquet)]
    [InlineData(PartFormat.Jsonl)]
    public async Task A_stored_file_counts_and_otherwise_the_newest_outcome(PartFormat format)
    {
        MediaLake lake = await ArchiveAsync(format);
        (MediaRow picture, byte[] bytes) = MediaLake.Stored(Id, Message(1), MediaLake.Png(8, 6), "image/png", "png", "receipt.png");
        await lake.AddAsync(Cancellation, (MediaLake.Row(Id, Message(1), MediaOutcome.Waiting, "the host answered 503"), null), (MediaLake.Row(Id, Message(2), MediaOutcome.Waiting), null),
            (MediaLake.Row(Other, Message(1), MediaOutcome.Gone), null));
        await lake.AddAsync(Cancellation, (picture, bytes));
        await lake.AddAsync(Cancellation, (MediaLake.Row(Id, Message(1), MediaOutcome.Gone), null), (MediaLake.Row(Id, Message(2), MediaOutcome.Gone, "the host answered 404"), null));
        (FileReads.Of(new FolderStore(_folder.Path)) is var (store, reads)).ShouldBeTrue();
        var known = new ConversationHistories(store, new KnownOutlines());

        ConversationHistory history = await new ConversationHistories(new FolderStore(_folder.Path)).ReadAsync(new HistoryRequest(Id, 10), Cancellation);
        ConversationHistory page = await known.ReadAsync(new HistoryRequest(Id, 10) { Links = true }, Cancellation);
        int opened = reads.Files.Where(f => f.Key.StartsWith("media/", StringComparison.Ordinal)).Sum(f => f.Value.Opened);
        await known.ReadAsync(new HistoryRequest(Id, 1) { Links = true, Before = page.Newer }, Cancellation);

        history.Messages.Select(m => m.File).ShouldBe(
            [new MessageFile("stored", "receipt.png", "image/png", bytes.Length, picture.Sha256, picture.Path, null), new MessageFile("gone", null, null, null, null, null, "the host answered 404"), null]);
        page.Messages.ShouldBe(history.Messages);
        history.Messages[1].File!.Lack.ShouldBe("The file is gone at Kapso: the host answered 404");
        JsonElement json = JsonElement.Parse(history.ToJson()).GetProperty("messages");
        json[0].GetProperty("file").GetRawText().ShouldNotContain("http");
        json[0].GetProperty("file").EnumerateObject().Select(m => m.Name).ShouldBe(["outcome", "name", "type", "bytes", "sha256", "path", "reason"]);
        opened.ShouldBe(3, "one part for each run");
        if (format == PartFormat.Parquet)
            reads.Files.Where(f => f.Key.StartsWith("media/", StringComparison.Ordinal)).Sum(f => f.Value.Opened).ShouldBe(opened, "the outline is kept");
    }

    [Fact]
    public async Task A_file_is_opened_by_its_hash_in_its_own_conversation_only()
    {
        MediaLake lake = await ArchiveAsync(PartFormat.Parquet);
        (MediaRow picture, byte[] bytes) = MediaLake.Stored(Id, Message(1), MediaLake.Png(8, 6), "image/png", "png");
        await lake.AddAsync(Cancellation, (picture, bytes), (picture with { MessageId = Message(2), Path = "messages/elsewhere", Sha256 = new string('0', 64) }, null));
        var histories = new ConversationHistories(new FolderStore(_folder.Path), new KnownOutlines());

        (MessageFile file, Stream content) = (await histories.OpenFileAsync(Id, picture.Sha256!, Cancellation)).ShouldNotBeNull();
        await using Stream _ = content;
        byte[] read = new byte[content.Length];
        await content.ReadExactlyAsync(read, Cancellation);

        (read.AsSpan().SequenceEqual(bytes), file.SavedName).ShouldBe((true, $"{picture.Sha256}.png"));
        (await histories.OpenFileAsync(Other, picture.Sha256!, Cancellation)).ShouldBeNull();
        (await histories.OpenFileAsync(Id, "../../latest.json", Cancellation)).ShouldBeNull();
        (await histories.OpenFileAsync(Id, new string('0', 64), Cancellation)).ShouldBeNull("its path is not that of such a file");
    }

    private static string Message(int number) => new Guid(number, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]).ToString();

    private async Task<MediaLake> ArchiveAsync(PartFormat format)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(HtmlExport.Small, cancellationToken: Cancellation);
        var talk = new Talk(Id);
        talk.Say("Image attached", type: "image");
        talk.Say("Image attached", type: "image");
        talk.Say("Thanks");
        talk.AddTo(sandbox);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path));
        await harness.RunAsync(new RunRequest { Conversations = ConversationSelection.All, Formats = [format], Trigger = "cli", Full = true });
        return new MediaLake(_folder.Path);
    }
}
