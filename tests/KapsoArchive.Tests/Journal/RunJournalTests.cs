using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Journal;

public sealed class RunJournalTests : IDisposable
{
    private static readonly PlannedConversation Planned = new("a", "+34", "Ana", "ended", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Full: true, Due: false);

    private static readonly JournalVisit Visit = new(
        new ConversationRow { ConversationId = "a", Run = Rows.Run, Outcome = ConversationOutcome.Complete, Added = 7 }, IsUnknownToSource: false, RejectedDigest: 5, IsNewlyGone: false, Due: true);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Documents => _folder.File($"_state/journal/{Rows.Run.RunId}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plan_and_an_entry_survive_a_round_trip()
    {
        RunJournal journal = await BeginAsync();
        await journal.SavePlanAsync(new RunPlan(ActiveSince: null, IsWholeList: true, [], 0) { Packed = RunPlan.Pack([Planned]) }, Cancellation);
        await AddAsync(journal, moreEntries: 0);

        await ShouldHoldAsync(journal);
    }

    [Fact]
    public async Task Entries_can_span_many_documents_and_those_of_another_attempt_are_ignored()
    {
        RunJournal journal = await BeginAsync();
        RunPlan plan = new(ActiveSince: null, IsWholeList: true, [], 0) { Packed = RunPlan.Pack([Planned, Planned with { Id = "b" }]) };
        await journal.SavePlanAsync(plan, Cancellation);
        string[] left = ["left", "left", "left"];
        foreach ((int document, string id) in left.Index())
            await journal.SaveEntriesAsync("another", 0, document, Entries(id, "never"), Cancellation);
        await journal.SaveEntriesAsync(tag: null, 0, 0, Entries("b", "1"), Cancellation);
        await journal.SaveEntriesAsync(tag: null, 0, 1, Entries("a", "2"), Cancellation);
        await AddAsync(journal, moreEntries: 1);

        List<ConversationChanges> changes = await journal.ChangesAsync((await journal.LoadAsync(Cancellation)).Checkpoints, Cancellation).ToListAsync(Cancellation);

        changes.Select(c => $"{c.ConversationId}:{string.Join(',', c.Texts.Values)}").ShouldBe(["a:2", "b:1"]);
    }

    [Theory]
    [InlineData("00000.done")]
    [InlineData("00000.entries")]
    [InlineData("00000.0001.entries")]
    [InlineData("plan.conversations")]
    public async Task A_missing_or_damaged_document_is_named(string name)
    {
        RunJournal journal = await BeginAsync();
        await journal.SavePlanAsync(new RunPlan(ActiveSince: null, IsWholeList: true, [], 0) { Packed = RunPlan.Pack([Planned]) }, Cancellation);
        await journal.SaveEntriesAsync(tag: null, 0, 0, Entries("a", "1"), Cancellation);
        await journal.SaveEntriesAsync(tag: null, 0, 1, Entries("a", "2"), Cancellation);
        await AddAsync(journal, moreEntries: 1);
        string file = Path.Combine(Documents, name);
        byte[] bytes = await File.ReadAllBytesAsync(file, Cancellation);

        await File.WriteAllBytesAsync(file, bytes[..^3], Cancellation);
        await Should.ThrowAsync<InvalidDataException>(() => journal.LoadAsync(Cancellation));
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        await Should.ThrowAsync<InvalidDataException>(() => journal.LoadAsync(Cancellation));
        File.Delete(file);
        (await Should.ThrowAsync<InvalidDataException>(() => journal.LoadAsync(Cancellation))).Message.ShouldEndWith($"/{name} is missing");
    }

    [Fact]
    public async Task Progress_grows_when_a_paused_conversation_is_finished()
    {
        RunJournal journal = await BeginAsync();
        await journal.SavePlanAsync(new RunPlan(ActiveSince: null, IsWholeList: true, [], 0) { Packed = RunPlan.Pack([Planned]) }, Cancellation);
        var paused = new PausedConversation("a", new byte[5_000_000], [], RejectedWritten: 0, RejectedWrittenDigest: 0);
        await journal.AddAsync(new Checkpoint(0, [], HasEntries: false, 0, HasPaused: true, Messages: 0, 9, 0, 0), [], [paused], Cancellation);
        long before = (await journal.LoadAsync(Cancellation)).Progress;
        before.ShouldBeGreaterThan(1_000_000);

        await journal.AddAsync(
            new Checkpoint(1, [], HasEntries: false, 0, HasPaused: false, Messages: 0, 1, 0, 0) { Done = PackedItems.Of([Visit], static (v, writer) => v.Write(writer)) },
            [], [], Cancellation);

        RunState state = await journal.LoadAsync(Cancellation);
        state.Paused.ShouldBeEmpty();
        state.Progress.ShouldBeGreaterThan(before, "otherwise five such slices would look like five stalls, and the run would be given up");
    }

    private static PartEntries Entries(string conversation, string id)
    {
        MessageRow row = Rows.Flatten($$"""{"id":"{{id}}"}""", conversation);
        row.Key = MessageKey.Of(row.Id.Span, out bool isUuid);
        row.KeyIsUuid = isUuid;
        var entries = new PartEntries();
        entries.Add(row);
        return entries;
    }

    private static Task AddAsync(RunJournal journal, int moreEntries) => journal.AddAsync(
        new Checkpoint(0, [], HasEntries: moreEntries > 0, RejectedCount: 0, HasPaused: false, Messages: 7, Requests: 1, Retries: 0, Throttled: 0)
        {
            MoreEntries = moreEntries,
            Done = PackedItems.Of([Visit], static (v, writer) => v.Write(writer)),
        },
        [], [], Cancellation);

    private static async Task ShouldHoldAsync(RunJournal journal)
    {
        RunState state = await journal.LoadAsync(Cancellation);
        state.Plan!.Conversations.ShouldBe([Planned]);
        state.Plan.IsWholeList.ShouldBeTrue();
        JournalVisit visit = state.Done.ShouldHaveSingleItem();
        (visit.Row.ConversationId, visit.Row.Added, visit.RejectedDigest, visit.Due).ShouldBe(("a", 7, 5UL, true));
        state.Progress.ShouldBeGreaterThan(state.Head.Progress);
    }

    private async Task<RunJournal> BeginAsync()
    {
        var store = new FolderStore(_folder.Path);
        var head = new JournalHead(
            Rows.Run.RunId, RunKind.Archive, TimeRange.All, Rows.Run.ArchivedAt, "test", [PartFormat.Parquet], Conversations: null, Full: false, Previous: null, Progress: 0, Stalled: 0);
        return await RunJournal.BeginAsync(store, head, Cancellation);
    }
}
