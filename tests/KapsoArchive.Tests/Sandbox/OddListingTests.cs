using System.Net;
using System.Text;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class OddListingTests
{
    [Theory]
    [InlineData(7, 57, 6)]
    [InlineData(-20, 30, 3)]
    [InlineData(-1_000, 0, 0)]
    public void A_total_can_be_wrong_while_the_pages_are_correct(int offset, long claimed, long pages)
    {
        var listing = Listing(50, new() { TotalCountOffset = offset });

        listing.Read(1, 10).Meta.ShouldBe(new SandboxMeta(1, 10, pages, claimed));
        listing.Read(5, 10).Records.Count.ShouldBe(10);
    }

    [Fact]
    public void Meta_can_lack_its_total_pages_or_be_missing()
    {
        Listing(50, new() { Meta = SandboxMetaForm.WithoutTotalPages }).Read(2, 10).Meta.ShouldBe(new SandboxMeta(2, 10, null, 50) { Form = SandboxMetaForm.WithoutTotalPages });
        Listing(50, new() { Meta = SandboxMetaForm.Missing }).Read(2, 10).Meta.ShouldBeNull();
    }

    [Fact]
    public void A_server_can_ignore_the_page_size()
    {
        var page = Listing(50, new() { FixedPerPage = 20 }).Read(3, 100);

        page.Records.Count.ShouldBe(10);
        page.Meta.ShouldBe(new SandboxMeta(3, 20, 3, 50));
    }

    [Theory]
    [InlineData(50, 100, 50)]
    [InlineData(51, 98, 51)]
    public void Pages_up_to_the_limit_are_served_and_the_next_one_is_refused(long last, int perPage, long maxPage)
    {
        var listing = Listing(6_000, new() { MaxOffset = 5_000 });

        listing.Read(last, perPage).Records.Count.ShouldBe(perPage);
        Should.Throw<SandboxPageLimitException>(() => listing.Read(last + 1, perPage)).MaxPage.ShouldBe(maxPage);
    }

    [Fact]
    public void A_listing_can_repeat_one_page_forever()
    {
        var listing = Listing(50, new() { StuckFromPage = 2 });
        var second = Ids(listing.Read(2, 10));

        Ids(listing.Read(3, 10)).ShouldBe(second);
        Ids(listing.Read(1_000_000, 10)).ShouldBe(second);
        Ids(listing.Read(1, 10)).ShouldNotBe(second);
    }

    [Theory]
    [InlineData(SandboxEndless.SameRecords, 25)]
    [InlineData(SandboxEndless.NewRecords, 400)]
    public void A_listing_can_be_endless(SandboxEndless endless, int distinct)
    {
        var listing = Listing(25, new() { Endless = endless });
        var pages = Enumerable.Range(1, 40).Select(page => listing.Read(page, 10)).ToList();

        pages.ShouldAllBe(page => page.Records.Count == 10 && page.Meta!.TotalPages == page.Meta.Page + 1);
        pages.SelectMany(Ids).Distinct().Count().ShouldBe(distinct);
        listing.Read(long.MaxValue, 100).Meta!.TotalCount.ShouldNotBeNull().ShouldBePositive();
    }

    [Fact]
    public void A_short_page_can_precede_more_and_another_request_fills_it()
    {
        var listing = Listing(95, new() { ShortPages = 0.5 });
        var reads = Enumerable.Range(0, 200).Select(_ => listing.Read(3, 10)).ToList();

        reads.Select(page => page.Records.Count).Distinct().Order().ShouldBe([5, 6, 7, 8, 9, 10]);
        reads.Count(page => page.Records.Count < 10).ShouldBeInRange(70, 130);
        reads.ShouldAllBe(page => page.Meta == new SandboxMeta(3, 10, 10, 95));
        Enumerable.Range(0, 20).ShouldAllBe(_ => listing.Read(10, 10).Records.Count == 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    public void Records_can_occur_twice_within_a_page_or_across_pages(int distance)
    {
        var listing = Listing(60, new() { DuplicateEvery = 20, DuplicateDistance = distance });
        var ids = Enumerable.Range(1, 7).SelectMany(page => Ids(listing.Read(page, 10))).ToList();

        ids.Count.ShouldBe(63);
        ids.Distinct().Count().ShouldBe(60);
        foreach (int place in new[] { 20, 41, 62 }) ids[place].ShouldBe(ids[place - distance]);
        listing.Read(1, 10).Meta!.TotalCount.ShouldBe(63);
    }

    [Theory]
    [InlineData(SandboxOrder.NewestFirst)]
    [InlineData(SandboxOrder.OldestFirst)]
    public void Only_messages_with_equal_times_change_places_between_requests(SandboxOrder order)
    {
        var listing = MovingListing.OfSmallMessages(order, 95, tiesOf: 10);
        listing.Oddities = new() { ShuffleTies = true };
        var reads = Enumerable.Range(0, 5).Select(_ => listing.Read(1, 100)).ToList();

        reads.Select(page => string.Concat(Ids(page))).ShouldBeUnique();
        foreach (var page in reads)
        {
            Ids(page).Distinct().Count().ShouldBe(95);
            Times(page).ShouldBe(Times(reads[0]));
            Times(page).Distinct().Count().ShouldBe(10);
        }
    }

    [Fact]
    public async Task Generated_conversations_have_ties_too()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Conversations = 1, Messages = 90, IncludeSamples = false, TiesOf = 10, Oddities = new() { ShuffleTies = true } });
        string listing = SandboxCaller.Messages(sandbox.Data.Conversations[0], "?per_page=100");
        var (first, second) = (await sandbox.JsonAsync(listing), await sandbox.JsonAsync(listing));

        Column(first, "id").ShouldNotBe(Column(second, "id"));
        Column(first, "id").ShouldBe(Column(second, "id"), ignoreOrder: true);
        Column(first, "created_at").ShouldBe(Column(second, "created_at"));
        Column(first, "created_at").Distinct().Count().ShouldBe(9);
    }

    [Fact]
    public async Task A_share_of_the_records_is_always_malformed_and_counted()
    {
        var options = new SandboxOptions { Conversations = 1, Messages = 1_000, IncludeSamples = false, MalformedShare = 0.1 };
        await using var sandbox = await SandboxCaller.StartAsync(options);
        string path = SandboxCaller.Messages(sandbox.Data.Conversations[0]);
        var still = await sandbox.ReadAllAsync(path, perPage: 100);

        var moving = sandbox.Server.Listings.Moving(sandbox.Data.Conversations[0].Id);

        (await sandbox.ReadAllAsync(path, perPage: 90)).ShouldBe(still);
        still.ShouldBe(Enumerable.Range(0, 1_000).Reverse().Select(index => Encoding.UTF8.GetString(sandbox.Data.Record(0, index))));
        int malformed = still.Count(record => !(JsonElement.Parse(record) is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String));
        malformed.ShouldBeInRange(60, 140);
        still.ShouldContain("42");
        moving.Truth.MalformedListedThroughout(1, 1).ShouldBe(malformed);
        moving.Truth.Current().Count.ShouldBe(1_000 - malformed);
        moving.Count.ShouldBe(1_000);
    }

    [Fact]
    public async Task Over_HTTP_a_page_past_the_limit_is_a_plain_400()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Conversations = 1, Messages = 100, IncludeSamples = false, Oddities = new() { MaxOffset = 50 } });

        var (status, body) = await sandbox.AnswerAsync(SandboxCaller.Messages(sandbox.Data.Conversations[0], "?page=6&per_page=10"));

        status.ShouldBe(HttpStatusCode.BadRequest);
        body.ShouldBe("""{"message":"legacy_offset_pagination_limit_exceeded","detail":"Offset pagination ends at 50 records.","max_page":5,"max_offset":50}""");
    }

    [Fact]
    public async Task Over_HTTP_one_conversation_can_be_odd_and_the_others_normal()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Conversations = 3, Messages = 90 });
        string[] paths = [.. sandbox.Data.Conversations.Select(conversation => SandboxCaller.Messages(conversation))];
        string odd = sandbox.Data.Conversations[1].Id;

        sandbox.Server.Listings.SetOddities(odd, new() { Meta = SandboxMetaForm.Missing });
        sandbox.Server.Listings.Oddities = new() { Meta = SandboxMetaForm.WithoutTotalPages };

        for (int round = 0; round < 2; round++)
        {
            (await sandbox.JsonAsync(paths[0])).GetProperty("meta").TryGetProperty("total_pages", out _).ShouldBeFalse();
            (await sandbox.JsonAsync(paths[1])).TryGetProperty("meta", out _).ShouldBeFalse();
            // The same again for conversations that move.
            sandbox.Server.Listings.Moving(odd).Count.ShouldBePositive();
            sandbox.Server.Listings.Moving(sandbox.Data.Conversations[0].Id).Count.ShouldBePositive();
        }
    }

    [Fact]
    public async Task Over_HTTP_an_endless_listing_invents_messages_with_ids_of_their_own()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Oddities = new() { Endless = SandboxEndless.NewRecords } });

        var page = await sandbox.JsonAsync(SandboxCaller.Messages(sandbox.Data.Conversations[0], "?page=9&per_page=100"));

        Column(page, "id").Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public void Oddities_out_of_bounds_are_refused() =>
        Should.Throw<ArgumentException>(() => new SandboxData(new() { Oddities = new() { FixedPerPage = 101 } })).Message.ShouldStartWith("FixedPerPage must be from 1 to 100; it is 101.");

    private static MovingListing Listing(int count, SandboxOddities oddities)
    {
        var listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, count);
        listing.Oddities = oddities;
        return listing;
    }

    private static List<string> Ids(SandboxPage page) => Column(page, "id");

    private static List<string> Times(SandboxPage page) => Column(page, "created_at");

    private static List<string> Column(SandboxPage page, string name) => [.. page.Records.Select(record => JsonElement.Parse(record.Span).GetProperty(name).GetString()!)];

    private static List<string> Column(JsonElement page, string name) => [.. page.GetProperty("data").EnumerateArray().Select(record => record.GetProperty(name).GetString()!)];
}
