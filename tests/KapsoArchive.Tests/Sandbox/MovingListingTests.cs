using System.Text;
using System.Text.Json;
using CsCheck;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class MovingListingTests
{
    private static readonly SandboxMovement Lively = new() { HeadInsert = 0.5, MiddleInsert = 0.3, Delete = 0.5, StatusChange = 0.5 };

    public static TheoryData<SandboxOrder> Orders => new(Enum.GetValues<SandboxOrder>());

    [Theory]
    [InlineData(SandboxOrder.NewestFirst, 0)]
    [InlineData(SandboxOrder.OldestFirst, 10)]
    public void A_new_message_is_listed_at_the_head(SandboxOrder order, int position)
    {
        var listing = MovingListing.OfSmallMessages(order, 10);
        string id = listing.InsertNewest().Id;
        Ids(listing)[position].ShouldBe(id);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_message_inserted_at_a_position_leaves_the_others_in_order(SandboxOrder order)
    {
        for (int position = 0; position <= 8; position++)
        {
            var listing = MovingListing.OfSmallMessages(order, 8);
            var before = Ids(listing);
            string id = listing.InsertAt(position).Id;

            var after = Ids(listing);
            after[position].ShouldBe(id);
            after.Where(other => other != id).ShouldBe(before);
            if (order != SandboxOrder.Unordered) Times(listing).ShouldBeInOrder(order == SandboxOrder.NewestFirst ? SortDirection.Descending : SortDirection.Ascending);
        }
        Should.Throw<ArgumentOutOfRangeException>(() => MovingListing.OfSmallMessages(order, 8).InsertAt(9));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Random_movement_keeps_the_order_of_the_listing(SandboxOrder order)
    {
        var listing = MovingListing.OfSmallMessages(order, 30, tiesOf: 5);
        listing.Movement = Lively;
        var last = Ids(listing);
        for (int i = 0; i < 300; i++)
        {
            var ids = Ids(listing);
            ids.ShouldBeUnique();
            ids.Intersect(last).ShouldBe(last.Intersect(ids));
            if (order != SandboxOrder.Unordered) Times(listing).ShouldBeInOrder(order == SandboxOrder.NewestFirst ? SortDirection.Descending : SortDirection.Ascending);
            last = ids;
        }
    }

    [Fact]
    public void A_deleted_message_pulls_the_later_ones_forward()
    {
        var listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 10);
        var before = Ids(listing);

        listing.Delete(before[3]).ShouldBeTrue();

        Ids(listing).ShouldBe(before.Where(id => id != before[3]));
        listing.Delete(before[3]).ShouldBeFalse();
        listing.Read(1, 100).Meta!.TotalCount.ShouldBe(9);
    }

    [Fact]
    public void A_status_change_moves_updated_at_and_changes_no_other_byte()
    {
        const string Record = """{ "id":"a", "text":"ñ \u00e9", "status" : null,"extra":{"status":"x"},"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z" }""";
        var message = SandboxMessage.Read(Encoding.UTF8.GetBytes(Record), "none", default);
        var listing = new MovingListing(SandboxOrder.NewestFirst, [message]);

        listing.Update("a", "read").ShouldBeTrue();

        Encoding.UTF8.GetString(listing.At(0).Record.Span).ShouldBe(
            """{ "id":"a", "text":"ñ \u00e9", "status" : "read","extra":{"status":"x"},"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:01.000000Z" }""");
        listing.Update("b", "read").ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"id":"a"}""")]
    [InlineData("""{"id":"a","status":"sent"}""")]
    [InlineData("""{"id":"a","updated_at":null }""")]
    public void Absent_members_are_added_by_a_status_change(string record)
    {
        var listing = new MovingListing(SandboxOrder.NewestFirst, [SandboxMessage.Read(Encoding.UTF8.GetBytes(record), "none", default)]);
        listing.Update("a", "read");

        var json = JsonElement.Parse(listing.At(0).Record.Span);
        json.GetProperty("status").GetString().ShouldBe("read");
        json.GetProperty("updated_at").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
        json.EnumerateObject().Count().ShouldBe(3);
    }

    [Fact]
    public void A_schedule_happens_between_two_requests_in_the_given_order()
    {
        var listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 5);
        var log = new List<string>();
        listing.After(2, now => log.Add($"c{now.RequestsMade}"));
        listing.After(0, now => log.Add($"a{now.RequestsMade}"));
        listing.After(2, now => now.InsertNewest());
        listing.After(0, now => log.Add($"b{now.RequestsMade}"));

        int[] counts = [.. Enumerable.Range(0, 4).Select(_ => listing.Read(1, 100).Records.Count)];
        listing.After(1, now => now.InsertNewest());

        counts.ShouldBe([5, 5, 6, 6]);
        log.ShouldBe(["a0", "b0", "c2"]);
        listing.Read(1, 100).Records.Count.ShouldBe(7);
        listing.RequestsMade.ShouldBe(5);
    }

    [Fact]
    public void The_same_seed_moves_in_the_same_way_and_another_seed_differently()
    {
        string first = Story(1, 1);

        Story(1, 1).ShouldBe(first);
        Story(2, 1).ShouldNotBe(first);
        Story(1, 2).ShouldNotBe(first);

        static string Story(int listingSeed, int movementSeed)
        {
            var listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 50, listingSeed);
            listing.Movement = Lively with { Seed = movementSeed };
            return string.Concat(Enumerable.Range(0, 50).SelectMany(_ => listing.Read(1, 100).Records).Select(record => Encoding.UTF8.GetString(record.Span)));
        }
    }

    [Fact]
    public void The_truth_is_what_whole_readings_show() => Gen.Select(Gen.Int[0, 40], Gen.Int, Gen.Int[1, 25], Gen.Enum<SandboxOrder>()).Sample((count, seed, requests, order) =>
    {
        var listing = MovingListing.OfSmallMessages(order, count);
        listing.Movement = Lively with { Seed = seed };
        // A message that goes and comes back is two stays of one id.
        var returning = SandboxMessage.Make("returning", 0, new(2025, 12, 31, 0, 0, 0, TimeSpan.Zero));
        listing.After(2, now => now.Insert(returning));
        listing.After(5, now => now.Delete("returning"));
        listing.After(9, now => Reinsert(now));
        var seen = new List<Dictionary<string, string>>();
        for (int i = 0; i < requests; i++) seen.Add(ReadAll(listing));

        for (int from = 1; from <= requests; from++)
        {
            listing.Truth.ListedAt(from).ShouldBe(seen[from - 1].Keys, ignoreOrder: true);
            for (int to = from; to <= requests; to += 3)
            {
                var range = seen[(from - 1)..to];
                listing.Truth.ListedAtSomeMoment(from, to).ShouldBe(range.SelectMany(page => page.Keys).Distinct(), ignoreOrder: true);
                listing.Truth.ListedThroughout(from, to).ShouldBe(Throughout(range), ignoreOrder: true);
            }
        }
        listing.Truth.Current().ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(pair.Value.Span)).ShouldBe(seen[^1], ignoreOrder: true);
        for (int request = 1; request <= requests; request++)
        {
            foreach (var (id, record) in seen[request - 1])
                Encoding.UTF8.GetString(listing.Truth.VersionsOf(id).Last(version => version.AfterRequest < request).Record.Span).ShouldBe(record);
        }

        void Reinsert(MovingListing now)
        {
            if (!now.Truth.Current().ContainsKey("returning")) now.Insert(returning);
        }
    }, iter: 100);

    [Fact]
    public void Two_messages_with_one_id_are_refused()
    {
        var listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 3);
        Should.Throw<ArgumentException>(() => listing.Insert(listing.At(1)));
        listing.Count.ShouldBe(3);
    }

    [Fact]
    public void Options_out_of_bounds_are_refused()
    {
        var listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 3);
        Should.Throw<ArgumentException>(() => listing.Movement = new() { Delete = 2 });
        Should.Throw<ArgumentException>(() => listing.Oddities = new() { FixedPerPage = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => listing.Read(0, 100));
        Should.Throw<ArgumentOutOfRangeException>(() => listing.Read(1, 101));
        listing.RequestsMade.ShouldBe(0);
    }

    [Fact]
    public async Task Many_threads_can_read_and_move_it()
    {
        var listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 200);
        listing.Movement = Lively;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 500; i++) Ids(listing).ShouldBeUnique();
        })));

        listing.RequestsMade.ShouldBe(2_000);
        listing.Truth.Current().Count.ShouldBe(listing.Count);
    }

    /// <summary>A stay that was broken is no stay, whatever its ends say.</summary>
    private static IEnumerable<string> Throughout(List<Dictionary<string, string>> range) =>
        range.Aggregate(range[0].Keys.AsEnumerable(), (ids, page) => ids.Intersect(page.Keys));

    private static Dictionary<string, string> ReadAll(MovingListing listing) => listing.Read(1, 100).Records
        .Select(record => Encoding.UTF8.GetString(record.Span))
        .ToDictionary(record => JsonElement.Parse(record).GetProperty("id").GetString()!);

    private static List<string> Ids(MovingListing listing) => [.. listing.Read(1, 100).Records.Select(record => JsonElement.Parse(record.Span).GetProperty("id").GetString()!)];

    private static List<string> Times(MovingListing listing) => [.. Enumerable.Range(0, listing.Count).Select(position => JsonElement.Parse(listing.At(position).Record.Span).GetProperty("created_at").GetString()!)];
}
