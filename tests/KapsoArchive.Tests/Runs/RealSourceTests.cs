using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>Whole runs over HTTP against what real sources did: caps that nobody tells, records that cannot be served, a listing that is
/// empty for a night.</summary>
public sealed class RealSourceTests : IDisposable
{
    private const string Conversation = "55555555-5555-4555-8555-555555555555";

    private readonly TemporaryFolder _folder = new();
    private readonly ShiftedTime _time = new(new DateTimeOffset(2026, 11, 1, 2, 0, 0, TimeSpan.Zero));
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, string?> _settings = new(StringComparer.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Page_caps_are_detected_whatever_meta_says()
    {
        foreach ((SandboxMetaForm meta, int cap, bool byRequested) in from meta in Enum.GetValues<SandboxMetaForm>() from cap in (int[])[10, 50] from byRequested in (bool[])[true, false] select (meta, cap, byRequested))
        {
            await using SandboxServer sandbox = await StartAsync();
            Add(sandbox, 80).Oddities = new SandboxOddities { MaxPerPage = cap, EchoesPerPage = true, OffsetByRequested = byRequested, Meta = meta };

            Manifest manifest = await RunAsync(sandbox, $"{meta}-{cap}-{byRequested}");

            (manifest.Totals.Rows.Added, manifest.Totals.Conversations.Complete, manifest.Incomplete.Count).ShouldBe((80, 1, 0), $"{meta}, cap {cap}");
        }
    }

    /// <summary>430 of 1,000 messages once were never archived.</summary>
    [Fact]
    public async Task An_unreadable_record_loses_only_that_record()
    {
        await using SandboxServer sandbox = await StartAsync();
        MovingListing listing = Add(sandbox, 1_000);
        foreach (int position in (int[])[430, 431, 700])
            listing.Oddities = listing.Oddities with { Unreadable = [.. listing.Oddities.Unreadable, listing.At(position).Id] };

        Manifest first = await RunAsync(sandbox);

        first.Totals.Rows.Added.ShouldBe(997);
        ManifestIncomplete incomplete = first.Incomplete.ShouldHaveSingleItem();
        incomplete.Reason.ShouldNotBeNull().ShouldBe("the source cannot give the records at 430–431, 700 of the listing, counted from 0 (Kapso answered 500: The page cannot be served)");
        IncompleteAdvice.For(incomplete).ShouldStartWith("Ask Kapso");

        for (int i = 0; i < 3; i++)
            listing.InsertNewest();
        long before = sandbox.RequestCount;
        _settings["Kapso:MaxConcurrency"] = "1"; // Several pages in flight at once would change the number of requests by a few.
        Manifest second = await RunAsync(sandbox);
        (second.Totals.Rows.Added, second.Totals.Rows.Removed).ShouldBe((3, 0));
        second.Incomplete.ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldContain("433–434, 703");
        (sandbox.RequestCount - before).ShouldBeLessThan(40, "each unreadable record is tried once");

        _settings.Remove("Kapso:MaxConcurrency");
        listing.Oddities = SandboxOddities.None;
        Manifest third = await RunAsync(sandbox);
        (third.Totals.Rows.Added, third.Incomplete.Count).ShouldBe((3, 0));
    }

    /// <summary>504 above 25 records: nothing was archived, and it always asked for 100.</summary>
    [Fact]
    public async Task A_source_that_times_out_on_large_pages_is_read_in_smaller_ones()
    {
        await using SandboxServer sandbox = await StartAsync();
        MovingListing listing = Add(sandbox, 300);
        listing.Oddities = new SandboxOddities { TimesOutAbove = 25 };

        Manifest first = await RunAsync(sandbox);
        (first.Totals.Rows.Added, first.Incomplete.Count).ShouldBe((300, 0));

        long before = sandbox.RequestCount;
        Manifest second = await RunAsync(sandbox, full: true);
        (second.Totals.Conversations.Complete, second.Incomplete.Count).ShouldBe((1, 0));
        (sandbox.RequestCount - before).ShouldBeLessThan(26, "the size is kept, and a full page is tried once");
    }

    [Fact]
    public async Task Eight_conversations_with_an_unreadable_record_are_not_an_outage()
    {
        await using SandboxServer sandbox = await StartAsync();
        for (int i = 0; i < 12; i++)
        {
            MovingListing listing = Add(sandbox, 40, new Guid(i + 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).ToString());
            listing.Oddities = new SandboxOddities { Unreadable = [listing.At(7).Id] };
        }

        Manifest manifest = await RunAsync(sandbox);

        (manifest.Totals.Rows.Added, manifest.Incomplete.Count).ShouldBe((12 * 39, 12));
    }

    [Fact]
    public async Task An_unreadable_listing_is_given_up_after_forty_failures()
    {
        await using SandboxServer sandbox = await StartAsync();
        MovingListing listing = Add(sandbox, 200);
        listing.Oddities = new SandboxOddities { Unreadable = [.. Enumerable.Range(0, 200).Select(i => listing.At(i).Id)] };

        Manifest manifest = await RunAsync(sandbox);

        manifest.Incomplete.ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldContain("requests for its pages failed");
        sandbox.RequestCount.ShouldBeLessThan(90);
    }

    /// <summary>430 of 450 messages once were marked as removed, and added again the night after.</summary>
    [Fact]
    public async Task An_empty_night_removes_nothing()
    {
        _settings["Archive:RemovalGrace"] = "00:00:00";
        await using SandboxServer sandbox = await StartAsync();
        MovingListing listing = Add(sandbox, 450);
        await RunAsync(sandbox);
        listing.Oddities = new SandboxOddities { IsEmpty = true };
        for (int night = 0; night < 2; night++)
        {
            Manifest empty = await RunAsync(sandbox, full: true);
            (empty.Status, empty.Totals.Rows.Removed).ShouldBe(("PartiallySucceeded", 0));
            empty.Incomplete.ShouldHaveSingleItem().Reason.ShouldBe("the source lists nothing, and the archive has messages of it");
        }

        listing.Oddities = SandboxOddities.None;
        Manifest whole = await RunAsync(sandbox);

        (whole.Status, whole.Totals.Rows.Added, whole.Totals.Rows.Removed).ShouldBe(("Succeeded", 0, 0));
    }

    [Fact]
    public async Task A_deletion_is_written_three_nights_later_and_costs_one_request_a_night()
    {
        await using SandboxServer sandbox = await StartAsync();
        MovingListing listing = Add(sandbox, 450);
        await RunAsync(sandbox);
        listing.Delete(listing.At(300).Id);
        List<(long Removed, long Requests)> nights = [];
        for (int night = 0; night < 5; night++)
        {
            long before = sandbox.RequestCount;
            Manifest manifest = await RunAsync(sandbox);
            manifest.Status.ShouldBe("Succeeded");
            nights.Add((manifest.Totals.Rows.Removed, sandbox.RequestCount - before));
        }

        nights.Select(n => n.Removed).ShouldBe([0, 0, 0, 1, 0]);
        nights[4].Requests.ShouldBeLessThan(nights[0].Requests);
        nights[1].Requests.ShouldBe(nights[4].Requests, "a removal that waits costs no full sweep");
    }

    [Fact]
    public async Task Many_removals_wait_for_confirmation()
    {
        _settings["Archive:RemovalGrace"] = "00:00:00";
        await using SandboxServer sandbox = await StartAsync();
        MovingListing listing = Add(sandbox, 100);
        await RunAsync(sandbox);
        for (int i = 0; i < 50; i++)
            listing.Delete(listing.At(20).Id);
        for (int night = 0; night < 2; night++)
        {
            Manifest blocked = await RunAsync(sandbox);
            (blocked.Status, blocked.Totals.Rows.Removed).ShouldBe(("PartiallySucceeded", 0));
            blocked.Incomplete.ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldEndWith($"kapso-archive run --conversation {Conversation} --accept-removals {Conversation}");
        }

        Manifest accepted = await RunAsync(sandbox, accepts: true);
        (accepted.Status, accepted.Totals.Rows.Removed).ShouldBe(("Succeeded", 50));
    }

    private Task<SandboxServer> StartAsync() =>
        SandboxServer.StartAsync(new SandboxOptions { Conversations = 1, Messages = 1, IncludeSamples = false }, _time, Cancellation);

    private MovingListing Add(SandboxServer sandbox, int messages, string id = Conversation)
    {
        SandboxMessage[] all = [.. Enumerable.Range(0, messages).Select(i => SandboxMessage.Make(new Guid(i, 9, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString(), i, new DateTimeOffset(2026, 10, 30, 0, 0, 0, TimeSpan.Zero).AddHours(-i)))];
        sandbox.Listings.AddConversation(new SandboxConversation(id, "+49301234567", null, "active", all[0].CreatedAt, messages), all);
        _ids.Add(id);
        return sandbox.Listings.Moving(id);
    }

    /// <summary>Runs, and lets a day pass.</summary>
    private async Task<Manifest> RunAsync(SandboxServer sandbox, string lake = "lake", bool full = false, bool accepts = false)
    {
        await using RunHarness harness = new(sandbox.BaseUrl, new FolderStore(_folder.File(lake), _time), retries: 1, time: _time, settings: _settings);
        string[] ids = [.. _ids.Distinct()];
        Manifest manifest = await harness.RunAsync(new RunRequest
        {
            Conversations = ConversationSelection.Listed(ids.Select(id => (id, "test")), "test"),
            Formats = [PartFormat.Parquet],
            Trigger = "cli",
            Full = full,
            AcceptedRemovals = accepts ? ids : [],
        });
        _time.Advance(TimeSpan.FromDays(1));
        return manifest;
    }
}
