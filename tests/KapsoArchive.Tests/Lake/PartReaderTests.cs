using System.Text;
using CsCheck;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>What was written is read back: the same rows from either format, and the same fingerprints as from the source's
/// records.</summary>
public sealed class PartReaderTests
{
    /// <summary>Records and conversation ids that take care to be read back.</summary>
    private static readonly (string Record, string ConversationId)[] Odd =
    [
        ("{\"id\":\"1\",\"_archive\":{\"change\":\"removed\",\"run_id\":\"theirs\"}}", "c"),
        ("{\"id\":\"2\",\"_archive\":{\"conversation_id\":\"x\",\"run_id\":\"x\",\"archived_at\":\"2020-01-01T00:00:00Z\",\"change\":\"removed\"},\"_archive\":null}", "c"),
        ("{\"id\":\"3\",\"content\":\"},\\\"_archive\\\":{\\\"change\\\":\\\"removed\\\"}}\",\"metadata\":{\"a\":1,\"_archive\":{\"change\":\"removed\"}}}", "c"),
        ("{\r\n \"id\" :\n\"4\" ,\r\"metadata\":{\r\n\"a\":[\n1\r]},\n\"other\":\n{\"b\":\r\n2}\n}", "c"),
        ("{\"id\":\"5\",\"content\":\"half \\ud83d a pair \\ude0a and \\ud83d\\ude0a\",\"unknown\":\"\\ud83d\"}", "c"),
        ("{\"id\":\"6\",\"status\":\"a\",\"status\":\"b\",\"content\":1,\"content\":null,\"id\":\"7\"}", "c"),
        ("{\"id\":8,\"created_at\":\"2026-03-02T10:00:00.1234567+02:00\",\"updated_at\":\"soon\",\"media_url\":\"https://x.test/1\",\"content\":\"see https://x.test/1\"}", "c"),
        ("{\"id\":\"\\u0069\\\\d\\n\",\"content\":\"\",\"phone_number\":null,\"metadata\":null}", "quote\" back\\ ,\"_archive\":{ line\n 😊 \u0001"),
        ("{\"id\":\"9\",\"content\":\"￿\\u0000\"}", ""),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<PartFormat> Formats => new(PartFormat.Parquet, PartFormat.Jsonl);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Samples_and_hostile_messages_are_read_back_with_their_fingerprints(PartFormat format)
    {
        List<MessageRow> rows =
        [
            .. SandboxSamples.Records.Select(r => Rows.Flatten(r.ToArray())), .. HostileMessages.Create(1_000), .. Odd.Select(o => Rows.Flatten(o.Record, o.ConversationId)),
            MessageRow.Removed(Utf8Text.From("gone \"😊\""), Utf8Text.From("id \"\\\n😊"), Rows.Run),
        ];
        rows[3].Change = Change.Changed;
        long?[] positions = [null, 0, -1, 12_345, long.MinValue, long.MaxValue];
        for (int i = 0; i < rows.Count - 1; i++)
            rows[i].Position = positions[i % positions.Length];
        await ShouldComeBackAsync(format, [.. rows.Chunk(300).Select(Rows.Sorted)]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Any_record_is_read_back_with_its_fingerprint(PartFormat format) =>
        await RecordFlattenerTests.GenRecord.Array[1, 100].SampleAsync(
            async records => await ShouldComeBackAsync(format, [Rows.Sorted(records.Select(r => Rows.Flatten(r)))]), iter: 100, threads: 1);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Rows_of_several_runs_in_one_file_keep_their_runs(PartFormat format)
    {
        MessageRow[] rows = [.. Enumerable.Range(0, 6).Select(i => new RecordFlattener(Utf8Text.From("c"), new RunStamp("run-" + (i / 2), Rows.Run.ArchivedAt.AddHours(i / 2)))
            .Flatten(Encoding.UTF8.GetBytes($"{{\"id\":\"{i}\"}}"), out _)!)];

        await ShouldComeBackAsync(format, [rows]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_part_of_schema_version_2_is_read_without_positions(PartFormat format)
    {
        List<MessageRow> rows = [.. HostileMessages.Create(1_000), .. Odd.Select(o => Rows.Flatten(o.Record, o.ConversationId))];
        byte[] content = await OlderParts.WriteAsync(format, rows.Chunk(300), Cancellation);
        rows.ForEach(r => r.Position = null);

        ShouldBe(format, await ReadAsync(format, content), rows);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public void A_line_whose_position_is_not_a_whole_number_is_refused(string position)
    {
        string line = "{\"id\":\"1\",\"_archive\":{\"conversation_id\":\"c\",\"run_id\":\"r\",\"archived_at\":\"2026-03-02T10:00:00Z\",\"change\":\"added\",\"position\":" + position + "}}";

        Should.Throw<InvalidDataException>(() => new JsonLineReader().Read(Encoding.UTF8.GetBytes(line)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_part_without_rows_is_read_as_empty(PartFormat format) => (await ReadAsync(format, await Rows.PartAsync(format, [], Cancellation))).ShouldBeEmpty();

    [Fact]
    public async Task A_batch_is_one_row_group_or_some_thousand_lines()
    {
        IReadOnlyList<MessageRow> rows = HostileMessages.Create(12_000);

        (await ReadAsync(PartFormat.Parquet, await Rows.PartAsync(PartFormat.Parquet, rows.Chunk(7_000), Cancellation))).Select(b => b.Count).ShouldBe([7_000, 5_000]);
        (await ReadAsync(PartFormat.Jsonl, await Rows.PartAsync(PartFormat.Jsonl, rows.Chunk(7_000), Cancellation))).Select(b => b.Count).ShouldBe([5_000, 5_000, 2_000]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Foreign_bytes_are_not_a_part(PartFormat format)
    {
        PartFormat other = format == PartFormat.Parquet ? PartFormat.Jsonl : PartFormat.Parquet;
        byte[][] contents = [await Rows.PartAsync(other, [HostileMessages.Create(10)], Cancellation), [.. "PAR1"u8], [.. "something else altogether, long enough to have a footer"u8]];
        foreach (byte[] content in contents)
            await Should.ThrowAsync<InvalidDataException>(ReadAsync(format, content));
    }

    [Fact]
    public async Task A_file_of_another_dataset_is_not_a_part()
    {
        var content = new MemoryStream();
        await Unsorted.WriteAsync(content, Rows.Run, [], Cancellation);

        InvalidDataException e = await Should.ThrowAsync<InvalidDataException>(ReadAsync(PartFormat.Parquet, content.ToArray()));

        e.Message.ShouldBe("The file of dataset messages lacks the column id.");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_failing_stream_is_not_reported_as_damage(PartFormat format)
    {
        byte[] content = await Rows.PartAsync(format, [HostileMessages.Create(1_000)], Cancellation);
        for (int reads = 0; reads < 5; reads++)
        {
            await using var stream = new BreakingStream(content, reads);
            await Should.ThrowAsync<TimeoutException>(async () => await PartReader.ReadAsync(format, stream, Cancellation).ToListAsync(Cancellation));
        }
    }

    private static async Task ShouldComeBackAsync(PartFormat format, IReadOnlyList<IReadOnlyList<MessageRow>> groups)
    {
        ShouldBe(format, await ReadAsync(format, await Rows.PartAsync(format, groups, Cancellation)), [.. groups.SelectMany(g => g)]);
    }

    private static void ShouldBe(PartFormat format, IEnumerable<IReadOnlyList<MessageRow>> batches, List<MessageRow> expected)
    {
        List<MessageRow> actual = [.. batches.SelectMany(b => b)];

        actual.Count.ShouldBe(expected.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Fingerprint.Of(actual[i]).ShouldBe(Fingerprint.Of(expected[i]), $"row {i}: {expected[i].Record}");
            Values(format, actual[i]).ShouldBe(Values(format, expected[i]));
        }
    }

    /// <summary>All columns. A line of JSONL has spaces for raw line breaks, which can only stand in the JSON columns, and in later ones that copy a member of
    /// <c>extra</c>.</summary>
    private static IEnumerable<object?> Values(PartFormat format, MessageRow row) => Datasets.Messages.Columns.Zip(Rows.Values(Datasets.Messages, row), (column, value) =>
        format == PartFormat.Jsonl && (column.Origin == ColumnOrigin.Extra || column.Name is "metadata" or "message_type_data" or "extra") && value is string json
            ? json.Replace('\n', ' ').Replace('\r', ' ') : value);

    private static async Task<List<IReadOnlyList<MessageRow>>> ReadAsync(PartFormat format, byte[] content) =>
        await PartReader.ReadAsync(format, new MemoryStream(content), Cancellation).ToListAsync(Cancellation);
}
