using System.Globalization;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Histories;

/// <summary>A conversation page by page, and its messages by time, direction, type and text.</summary>
public sealed class HistoryPageTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SandboxServer? _sandbox;
    private SandboxConversation? _conversation;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ConversationHistories Histories => new(new FolderStore(_folder.Path));

    private MovingListing Listing => _sandbox!.Listings.Moving(_conversation!.Id);

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 5, Messages = 700 }, cancellationToken: Cancellation);
        _conversation = _sandbox.Data.Conversations.MaxBy(c => c.MessageCount)!;
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox!.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(PartFormat.Parquet, 7)]
    [InlineData(PartFormat.Parquet, 1_000)]
    [InlineData(PartFormat.Jsonl, 50)]
    public async Task Pages_in_either_direction_have_each_message_once(PartFormat format, int limit)
    {
        await ArchiveAsync(format);
        string[] all = [.. (await AllAsync()).Select(m => m.Id)];

        List<string> older = [], newer = [];
        HistoryRequest request = new(_conversation!.Id, limit);
        for (HistoryCursor? before = null; ;)
        {
            ConversationHistory page = await Histories.ReadAsync(request with { Before = before }, Cancellation);
            older.InsertRange(0, page.Messages.Select(m => m.Id));
            if (page.Older is null)
                break;
            before = HistoryCursor.Parse(page.Older.ToString());
        }

        for (HistoryCursor? after = null; ;)
        {
            ConversationHistory page = await Histories.ReadAsync(request with { After = after, OldestFirst = true }, Cancellation);
            newer.AddRange(page.Messages.Select(m => m.Id));
            if (page.Newer is null)
                break;
            after = page.Newer;
        }

        older.ShouldBe(all);
        newer.ShouldBe(all);
    }

    [Fact]
    public async Task Messages_are_chosen_by_time_direction_type_and_text()
    {
        await ArchiveAsync(PartFormat.Parquet);
        IReadOnlyList<ChatMessage> all = await AllAsync();
        DateTimeOffset from = all[all.Count / 4].CreatedAt!.Value, to = all[all.Count / 2].CreatedAt!.Value;
        string type = all.GroupBy(m => m.Type).OrderByDescending(g => g.Count()).ElementAt(1).Key;
        string word = all.First(m => m.Type == "text" && m.Content!.Length > 10).Content![..6].ToUpper(CultureInfo.InvariantCulture);

        (HistoryRequest Request, Func<ChatMessage, bool> Expected)[] cases =
        [
            (Ask() with { Range = new TimeRange(from, to) }, m => m.CreatedAt >= from && m.CreatedAt < to),
            (Ask() with { Direction = "inbound" }, m => m.Direction == "inbound"),
            (Ask() with { Types = [type, "no such type"] }, m => m.Type == type),
            (Ask() with { Direction = "outbound", Types = ["text"], Range = new TimeRange(from, null) }, m => m is { IsOutbound: true, Type: "text" } && m.CreatedAt >= from),
            (Ask() with { Text = word }, m => MessageLine.Of(m).Contains(word, StringComparison.OrdinalIgnoreCase)),
        ];

        foreach ((HistoryRequest request, Func<ChatMessage, bool> expected) in cases)
        {
            ConversationHistory found = await Histories.ReadAsync(request, Cancellation);
            string[] ids = [.. all.Where(expected).Select(m => m.Id)];
            ids.Length.ShouldBeInRange(1, all.Count - 1);
            found.Messages.Select(m => m.Id).ShouldBe(ids);
            (found.Total, found.Matching).ShouldBe((all.Count, ids.Length));
        }
    }

    [Fact]
    public async Task A_place_stays_valid_when_its_message_is_removed_and_others_come()
    {
        RunHarness harness = await ArchiveAsync(PartFormat.Parquet);
        ConversationHistory newest = await Histories.ReadAsync(new HistoryRequest(_conversation!.Id, 10), Cancellation);
        string[] expected = [.. (await AllAsync()).SkipLast(10).TakeLast(5).Select(m => m.Id)];

        Listing.Delete(newest.Messages[0].Id);
        Listing.InsertNewest();
        for (int night = 0; night < 2; night++)
            await harness.RunAsync(new RunRequest { Conversations = ConversationSelection.All, Formats = [PartFormat.Parquet], Trigger = "cli", Full = true });
        ConversationHistory older = await Histories.ReadAsync(new HistoryRequest(_conversation.Id, 5) { Before = newest.Older }, Cancellation);

        (await AllAsync()).ShouldNotContain(m => m.Id == newest.Messages[0].Id);
        older.Messages.Select(m => m.Id).ShouldBe(expected);
        await harness.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("zzzzzzzzzzzzzzzz-00000000000000000000000000000000")]
    [InlineData("0000000000000000-0000000000000000000000000000000")]
    public void What_is_no_place_is_null(string text) => HistoryCursor.Parse(text).ShouldBeNull();

    private HistoryRequest Ask() => new(_conversation!.Id, int.MaxValue);

    private async Task<IReadOnlyList<ChatMessage>> AllAsync() => (await Histories.ReadAsync(Ask(), Cancellation)).Messages;

    private async Task<RunHarness> ArchiveAsync(PartFormat format)
    {
        var harness = new RunHarness(
            _sandbox!.BaseUrl, new FolderStore(_folder.Path), new RunLimits { RowGroupRows = 50, PartBytes = 20_000 },
            settings: new KeyValuePair<string, string?>("Archive:RemovalGrace", "00:00:00"));
        await harness.RunAsync(new RunRequest { Conversations = ConversationSelection.All, Formats = [format], Trigger = "cli", Full = true });
        return harness;
    }
}
