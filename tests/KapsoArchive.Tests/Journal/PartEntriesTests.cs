using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Journal;

public sealed class PartEntriesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_entries_of_several_parts_come_by_conversation()
    {
        byte[] first = Part(Row("b", "1", "2026-01-01T00:00:00Z"), Row("a", "x", null), Row("c", "1", null)).ToBytes().ToArray();
        byte[] second = Part(Row("b", "2", "2026-01-02T00:00:00Z"), Row("d", "1", null)).ToBytes().ToArray();

        List<ConversationChanges> merged = await PartEntriesReader.MergeAsync([Read(first), Read(second)], Cancellation).ToListAsync(Cancellation);

        merged.Select(c => $"{c.ConversationId}:{c.Messages.Length}").ShouldBe(["a:1", "b:1", "b:1", "c:1", "d:1"]);
        merged.Where(c => c.ConversationId == "b").Max(c => c.NewestCreatedAt).ShouldBe(Timestamp.ToMicros(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)));
        merged.Where(c => c.ConversationId == "b").SelectMany(c => c.Texts.Values).Order(StringComparer.Ordinal).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_giant_conversation_is_stored_in_small_blocks_and_read_back_in_order()
    {
        MessageRow[] rows = [.. Enumerable.Range(0, 150_000).Select(i => Row(i, i % 50_000 == 7 ? "small" : "giant"))];
        byte[] bytes = Part(rows).ToBytes().ToArray();

        List<ConversationChanges> blocks = await Read(bytes).ToListAsync(Cancellation);
        List<ConversationChanges> merged = await PartEntriesReader.MergeAsync([Read(bytes), Read(Part(Row("giant", "x", null)).ToBytes().ToArray())], Cancellation).ToListAsync(Cancellation);

        blocks.Count.ShouldBeGreaterThan(70);
        blocks.ShouldAllBe(b => b.Messages.Length <= 2_048);
        merged.Select(c => c.ConversationId).Distinct().ShouldBe(["giant", "small"]);
        merged.Select(c => c.ConversationId).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        merged.SelectMany(c => c.Texts.Values).ShouldBe(["x"]);
        Merged("giant").Select(m => m.Key).Order().ShouldBe(Keys("giant").Append(MessageKey.Of("x"u8)).Order());
        Merged("small").Select(m => m.Key).Order().ShouldBe(Keys("small").Order());
        Merged("small").ShouldAllBe(m => m.Fingerprint == (ulong)m.Key + 1 && m.Change == Change.Changed);

        IEnumerable<MessageChange> Merged(string id) => merged.Where(c => c.ConversationId == id).SelectMany(c => c.Messages);

        IEnumerable<UInt128> Keys(string id) => rows.Where(r => r.ConversationId.ToString() == id).Select(r => r.Key);
    }

    [Fact]
    public async Task A_flipped_byte_or_a_cut_is_detected()
    {
        byte[] bytes = Part(Row("a", "1", null), Row("b", "2", null)).ToBytes().ToArray();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 0x10;
            await Should.ThrowAsync<InvalidDataException>(async () => await Read(damaged).ToListAsync(Cancellation), $"byte {i}");
            await Should.ThrowAsync<InvalidDataException>(async () => await Read(bytes[..i]).ToListAsync(Cancellation), $"cut at {i}");
        }
    }

    private static IAsyncEnumerable<ConversationChanges> Read(byte[] bytes) => PartEntriesReader.ReadAsync(new MemoryStream(bytes), place: null, Cancellation);

    private static PartEntries Part(params MessageRow[] rows)
    {
        var entries = new PartEntries();
        foreach (MessageRow row in rows)
            entries.Add(row);
        return entries;
    }

    private static MessageRow Row(int number, string conversation) => new()
    {
        Record = default,
        ConversationId = Utf8Text.From(conversation),
        Run = Rows.Run,
        Key = (UInt128)number << 32,
        KeyIsUuid = true,
        Fingerprint = (ulong)((UInt128)number << 32) + 1,
        Change = Change.Changed,
    };

    private static MessageRow Row(string conversation, string id, string? createdAt)
    {
        MessageRow row = Rows.Flatten($$"""{"id":"{{id}}","created_at":{{(createdAt is null ? "null" : $"\"{createdAt}\"")}}}""", conversation);
        row.Key = MessageKey.Of(row.Id.Span, out bool isUuid);
        row.KeyIsUuid = isUuid;
        return row;
    }
}
