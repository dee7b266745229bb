using System.Text;
using CsCheck;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

public sealed class RowBufferTests
{
    private static readonly string[] Conversations = ["a", "b", "ba", "ü"];

    private static readonly long?[] Times = [null, long.MinValue + 1, -2, -1, 0, 1, 2, long.MaxValue];

    private static readonly long?[] Positions = [null, long.MinValue, -3, -2, -1, 0, 1, long.MaxValue];

    private static readonly Gen<(string Conversation, string Id, long? CreatedAt, long? Position)> Messages = Gen.Select(
        OneOf(Conversations), Gen.String[Gen.Char['a', 'd'], 1, 3], OneOf(Times), OneOf(Positions));

    [Fact]
    public void Rows_are_sorted_by_conversation_time_position_and_id_with_null_first() => Messages.Array[0, 60].Sample(messages =>
    {
        var buffer = new RowBuffer(keepsRecords: false);
        foreach ((string conversation, string id, long? createdAt, long? position) in messages)
            buffer.Add(Row(conversation, id, createdAt, position));

        buffer.Sorted().Select(r => (r.ConversationId.ToString()!, r.Id.ToString()!, r.CreatedAt, r.Position)).ShouldBe(messages
            .OrderBy(m => m.Conversation, StringComparer.Ordinal)
            .ThenBy(m => m.CreatedAt ?? long.MinValue)
            .ThenBy(m => m.Position is not null)
            .ThenBy(m => m.Position)
            .ThenBy(m => m.Id, StringComparer.Ordinal));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_stay_valid_after_their_page_is_released(bool keepsRecords)
    {
        byte[] page = Encoding.UTF8.GetBytes("""{"id":"1","content":"first","new":[1]}{"id":"2","content":"sec\u006fnd","created_at":"2026-03-01T00:00:00Z"}""");
        var flattener = new RecordFlattener(Utf8Text.From("c"), Rows.Run);
        int second = page.AsSpan().IndexOf("}{"u8) + 1;
        var buffer = new RowBuffer(keepsRecords);
        buffer.Add(flattener.Flatten(Utf8Text.From(page.AsMemory(0, second)), out _)!);
        buffer.Add(flattener.Flatten(Utf8Text.From(page.AsMemory(second)), out _)!);
        page.AsSpan().Fill((byte)'x');

        IReadOnlyList<MessageRow> rows = buffer.Sorted();
        rows.Select(r => (r.Id.ToString(), r.Content.ToString(), r.Extra.ToString())).ShouldBe([("1", "first", """{"new":[1]}"""), ("2", "second", null)]);
        rows.Select(r => r.Record.ToString()).ShouldBe(keepsRecords
            ? ["""{"id":"1","content":"first","new":[1]}""", """{"id":"2","content":"sec\u006fnd","created_at":"2026-03-01T00:00:00Z"}"""]
            : [null, null]);
    }

    [Fact]
    public void The_buffer_is_reused_without_traces_of_earlier_rows()
    {
        var buffer = new RowBuffer(keepsRecords: true);
        buffer.Add(Rows.Flatten($$"""{"id":"1","content":"{{new string('a', 300_000)}}","status":"read","extra_member":1}"""));
        MessageRow second = Rows.Flatten("""{"id":"2","content":"b","direction":"inbound"}""");
        second.Position = 7;
        buffer.Add(second);
        buffer.Bytes.ShouldBeGreaterThan(300_000);
        buffer.Clear();

        buffer.Count.ShouldBe(0);
        buffer.Bytes.ShouldBe(0);
        buffer.Sorted().ShouldBeEmpty();
        buffer.Add(MessageRow.Removed(Utf8Text.From("c"), Utf8Text.From("3"), Rows.Run));
        MessageRow row = buffer.Sorted().ShouldHaveSingleItem();
        (row.Id.ToString(), row.Change, row.Position).ShouldBe(("3", Change.Removed, null));
        new[] { row.Record, row.Content, row.Status, row.Direction, row.Extra }.ShouldAllBe(text => !text.HasValue);
    }

    private static Gen<T> OneOf<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static MessageRow Row(string conversation, string id, long? createdAt, long? position) =>
        new() { Record = default, ConversationId = Utf8Text.From(conversation), Run = Rows.Run, Id = Utf8Text.From(id), CreatedAt = createdAt, Position = position };
}
