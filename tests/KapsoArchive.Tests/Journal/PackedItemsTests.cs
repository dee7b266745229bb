using System.Text.Json;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Journal;

public sealed class PackedItemsTests
{
    private static readonly JournalVisit Full = new(
        new ConversationRow
        {
            ConversationId = "b",
            Run = Rows.Run,
            Outcome = ConversationOutcome.Incomplete,
            PhoneNumber = "+34 600",
            ContactName = "Ana 🙂",
            Status = "active",
            LastActiveAt = 1,
            Reason = "because",
            ReportedCount = 2,
            DistinctCount = 3,
            Added = 4,
            Changed = 5,
            Removed = 6,
            Rejected = 7,
            Pages = 8,
            Sweeps = 9,
            Sweep = SweepKind.Full,
        },
        IsUnknownToSource: true, RejectedDigest: ulong.MaxValue, IsNewlyGone: true, Due: true);

    private static readonly JournalVisit Bare = new(
        new ConversationRow { ConversationId = "a", Run = Rows.Run, Outcome = ConversationOutcome.Complete }, IsUnknownToSource: false, RejectedDigest: 0, IsNewlyGone: false, Due: false);

    [Fact]
    public void Visits_and_plans_survive_a_round_trip()
    {
        var planned = new PlannedConversation("a", "+34", "Ana", "ended", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Full: true, Due: true);
        var other = new PlannedConversation("b", null, null, null, null, Full: false, Due: false);

        PackedItems.FromDocument(RunPlan.Pack([planned, other]).Document).Read(PlannedConversation.Read).ShouldBe([planned, other]);
        Texts(Pack(Full, Bare).Read(Read)).ShouldBe(Texts([Full, Bare]));
    }

    [Fact]
    public void Items_of_several_checkpoints_come_in_the_order_of_their_ids()
    {
        PackedItems joined = PackedItems.Join([Pack(Full), Pack(), Pack(Bare)]);

        Texts(joined.Sorted(Read)).ShouldBe(Texts([Bare, Full]));
    }

    [Fact]
    public void Truncated_or_surplus_bytes_are_detected()
    {
        byte[] whole = Bytes(Full, Bare);
        Packed(2, whole).Read(Read).Count().ShouldBe(2);
        for (int length = 0; length < whole.Length; length++)
            Should.Throw<InvalidDataException>(() => Packed(2, whole[..length]).Read(Read).Count(), $"cut at {length}");
        Should.Throw<InvalidDataException>(() => Packed(1, whole).Read(Read).Count());
    }

    [Fact]
    public void A_flipped_byte_or_a_cut_in_a_document_is_detected()
    {
        byte[] document = Pack(Full, Bare).Document.ToArray();
        for (int i = 0; i < document.Length; i++)
        {
            byte[] damaged = [.. document];
            damaged[i] ^= 0x10;
            Should.Throw<InvalidDataException>(() => PackedItems.FromDocument(damaged), $"byte {i}");
            Should.Throw<InvalidDataException>(() => PackedItems.FromDocument(document.AsMemory(0, i)), $"cut at {i}");
        }
    }

    [Fact]
    public void Both_orders_match_the_order_of_texts_even_beyond_the_basic_plane()
    {
        string[] ids = ["", "a", "ab", "b", "\uFFFD", "\uE000", "🙂", "🙂a", "\uD7FF", "é"];
        PackedItems packed = PackedItems.Of(ids, static (id, writer) => writer.Write(id));

        packed.Sorted(reader => reader.ReadString()).ShouldBe(ids.Order(StringComparer.Ordinal));
        packed.SortedAsUtf8(reader => reader.ReadString()).ShouldBe(ids.OrderBy(Utf8Text.From));
    }

    private static PackedItems Packed(int count, byte[] bytes)
    {
        using var stream = new ChunkedStream();
        stream.Write(bytes);
        return PackedItems.Of(count, stream);
    }

    private static byte[] Bytes(params JournalVisit[] visits)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (JournalVisit visit in visits)
            visit.Write(writer);
        return bytes.ToArray();
    }

    private static PackedItems Pack(params JournalVisit[] visits) => PackedItems.Of(visits, static (v, writer) => v.Write(writer));

    private static JournalVisit Read(BinaryReader reader) => JournalVisit.Read(reader, Rows.Run);

    private static string[] Texts(IEnumerable<JournalVisit> visits) => [.. visits.Select(v => JsonSerializer.Serialize(v))];
}
