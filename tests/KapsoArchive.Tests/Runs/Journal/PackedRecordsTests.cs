using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Journal;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs.Journal;

public sealed class PackedRecordsTests
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
    public void Visits_and_plans_come_back_as_they_were_also_from_a_document()
    {
        var planned = new PlannedConversation("a", "+34", "Ana", "ended", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Full: true, Due: true);
        var plan = new RunPlan(RunPlan.Pack([planned, new PlannedConversation("b", null, null, null, null, Full: false, Due: false)]), ActiveSince: null, IsWholeList: true, [], 0);

        RunPlan stored = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(plan, JournalJson.Default.RunPlan), JournalJson.Default.RunPlan)!;

        stored.Conversations.ShouldBe([planned, new PlannedConversation("b", null, null, null, null, Full: false, Due: false)]);
        Texts(Pack(Full, Bare).Read(Read)).ShouldBe(Texts([Full, Bare]));
    }

    [Fact]
    public void Those_of_several_checkpoints_come_in_the_order_of_their_ids()
    {
        PackedRecords joined = PackedRecords.Join([Pack(Full), Pack(), Pack(Bare)]);

        Texts(joined.Sorted(Read, v => Utf8Text.From(v.Row.ConversationId))).ShouldBe(Texts([Bare, Full]));
    }

    [Fact]
    public void A_cut_or_a_surplus_is_not_believed()
    {
        PackedRecords whole = Pack(Full, Bare);
        for (int length = 0; length < whole.Bytes.Length; length++)
            Should.Throw<InvalidDataException>(() => (whole with { Bytes = whole.Bytes[..length] }).Read(Read).Count(), $"cut at {length}");
        Should.Throw<InvalidDataException>(() => (whole with { Count = 1 }).Read(Read).Count());
    }

    private static PackedRecords Pack(params JournalVisit[] visits) => PackedRecords.Of(visits, static (v, writer) => v.Write(writer));

    private static JournalVisit Read(BinaryReader reader) => JournalVisit.Read(reader, Rows.Run);

    private static string[] Texts(IEnumerable<JournalVisit> visits) => [.. visits.Select(v => JsonSerializer.Serialize(v))];
}
