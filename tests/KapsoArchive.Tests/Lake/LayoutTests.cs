using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Lake;

/// <summary>Paths are a contract with those who query the lake.</summary>
public sealed class LayoutTests
{
    private static readonly RunStamp Run = new("20261122T235959Z-0000abcd", new DateTimeOffset(2026, 11, 23, 1, 59, 59, TimeSpan.FromHours(2)));

    [Fact]
    public void Paths_match_the_contract()
    {
        Layout.Messages(Run, PartFormat.Parquet, 0).ShouldBe("messages/snapshot_date=2026-11-22/20261122T235959Z-0000abcd-00000.parquet");
        Layout.Messages(Run, PartFormat.Jsonl, 12).ShouldBe("messages_jsonl/snapshot_date=2026-11-22/20261122T235959Z-0000abcd-00012.jsonl.gz");
        Layout.Conversations(Run).ShouldBe("conversations/snapshot_date=2026-11-22/20261122T235959Z-0000abcd-00000.parquet");
        Layout.Rejected(Run).ShouldBe("_rejected/20261122T235959Z-0000abcd.jsonl");
        Layout.Manifest(Run.RunId).ShouldBe("_manifests/20261122T235959Z-0000abcd.json");
    }

    [Fact]
    public void A_run_id_is_its_UTC_start_and_eight_hex_digits() =>
        Layout.NewRunId(Run.ArchivedAt, previousRunId: null).ShouldMatch("^20261122T235959Z-[0-9a-f]{8}$");

    [Theory]
    [InlineData("20261122T235958Z-ffffffff", "20261122T235959Z-")]
    [InlineData("20261122T235959Z-ffffffff", "20261123T000000Z-")]
    [InlineData("20271231T235959Z-00000000", "20280101T000000Z-")]
    [InlineData("not an id of ours, but long", "20261122T235959Z-")]
    public void A_run_id_sorts_after_the_previous_one(string previous, string start) => Layout.NewRunId(Run.ArchivedAt, previous).ShouldStartWith(start);
}
