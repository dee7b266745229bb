using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parquet;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

public sealed class ConversationsReaderTests
{
    internal static readonly ConversationRow[] Conversations =
    [
        new() { ConversationId = "a\uE000", Run = Rows.Run, Outcome = ConversationOutcome.Complete, ReportedCount = 3, DistinctCount = 3, Added = 3, Pages = 1, Sweeps = 1, Sweep = SweepKind.Full },
        new()
        {
            ConversationId = "a😊", Run = Rows.Run, Outcome = ConversationOutcome.Incomplete, Reason = "read 1, but the source counts 2", PhoneNumber = "+1", ContactName = "Zoë 😊",
            Status = "active", LastActiveAt = 1_772_359_267_793_001, ReportedCount = 2, DistinctCount = 1, Added = 1, Changed = 2, Removed = 3, Rejected = 4, Pages = 5, Sweeps = 6, Sweep = SweepKind.Full,
        },
        new() { ConversationId = "b", Run = Rows.Run, Outcome = ConversationOutcome.Gone, ContactName = "" },
        new() { ConversationId = "c", Run = Rows.Run, Outcome = ConversationOutcome.Failed, Reason = "not found" },
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_column_survives_a_round_trip()
    {
        ConversationRow[] rows = [.. Conversations, new() { ConversationId = "d", Run = Rows.Run, Outcome = ConversationOutcome.Complete, Pages = 1, Sweeps = 1, Sweep = SweepKind.Head, BusinessScopedUserId = "PE.1", Username = "zoë", Extra = """{"a":1}""" }];
        var content = new MemoryStream();
        await Unsorted.WriteAsync(content, Rows.Run, rows, Cancellation);

        (await ReadAsync(content)).Select(r => Rows.Values(Datasets.Conversations, r)).ShouldBe(rows.Select(r => Rows.Values(Datasets.Conversations, r)));
    }

    [Fact]
    public async Task In_a_file_of_schema_version_1_the_outcomes_show_what_was_read()
    {
        List<ConversationRow> read = await ReadAsync(new MemoryStream(await WriteVersion1Async(Cancellation)));

        read.Select(r => Rows.Values(Datasets.Conversations, r)).ShouldBe(Conversations.Select(r => Rows.Values(Datasets.Conversations, r)));
    }

    [Fact]
    public async Task A_file_without_conversations_is_read_as_empty()
    {
        var content = new MemoryStream();
        await Unsorted.WriteAsync(content, Rows.Run, [], Cancellation);

        (await ReadAsync(content)).ShouldBeEmpty();
    }

    /// <summary>A file as the first version of this program wrote it.</summary>
    internal static async Task<byte[]> WriteVersion1Async(CancellationToken cancellationToken)
    {
        Dataset<ConversationRow> dataset = Datasets.Conversations with { Columns = [.. Datasets.Conversations.Columns.Where(c => c.Since == 1)] };
        var metadata = new Dictionary<string, string> { ["kapsoarchive.run_id"] = Rows.Run.RunId, ["kapsoarchive.schema_version"] = "1" };
        using var content = new MemoryStream();
        ParquetFileWriter<ConversationRow> file = await ParquetFileWriter<ConversationRow>.CreateAsync(dataset, content, metadata, cancellationToken);
        await file.WriteRowGroupAsync(Conversations, cancellationToken);
        await file.CompleteAsync();
        return content.ToArray();
    }

    private static async Task<List<ConversationRow>> ReadAsync(Stream content) =>
        [.. (await ConversationsReader.ReadAsync(content, Cancellation).ToListAsync(Cancellation)).SelectMany(b => b)];
}
