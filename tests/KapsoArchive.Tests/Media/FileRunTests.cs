using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Media.Waiting;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Media;

/// <summary>Runs that fetch the files behind messages.</summary>
public sealed class FileRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_stores_each_file_once_and_says_where()
    {
        await using FileWorld world = await FileWorld.StartAsync(new SandboxMedia { Duplicates = 0.5 });

        Manifest manifest = await world.NightAsync();

        await world.ShouldBeWholeAsync();
        IReadOnlyList<MediaRow> rows = await world.RowsAsync();
        rows.Count.ShouldBe(world.Media.Attachments().Count());
        rows.Select(r => r.Path).Distinct().Count().ShouldBeLessThan(rows.Count, "some messages share a file");
        MediaTotals totals = manifest.Totals.Media.ShouldNotBeNull();
        (totals.Stored, totals.Waiting, totals.Gone, totals.TooLarge, totals.Refused, totals.Failed, totals.Untried).ShouldBe((rows.Count, 0, 0, 0, 0, 0, 0));
        ManifestFile[] files = [.. manifest.Files.Where(f => f.Dataset == "_media")];
        files.Select(f => f.Path).Order(StringComparer.Ordinal).ShouldBe(rows.Select(r => r.Path!).Distinct().Order(StringComparer.Ordinal));
        totals.Bytes.ShouldBe(files.Sum(f => f.Bytes));
        manifest.Files.ShouldContain(f => f.Dataset == "media" && f.Rows == rows.Count);
        rows.ShouldContain(r => r.DetectedType == "image/jpeg" && r.Path!.EndsWith(".jpg", StringComparison.Ordinal));
        rows.ShouldAllBe(r => r.FileName != null && r.LinkFingerprint.Length == 16 && r.Attempts == 1 && r.DetectedType != "application/octet-stream");
    }

    [Fact]
    public async Task A_night_without_new_files_costs_no_request()
    {
        await using FileWorld world = await FileWorld.StartAsync();
        await world.NightAsync();
        long requests = world.Media.LinkRequests;
        long kapso = world.Sandbox.RequestCount;

        Manifest second = await world.NightAsync(settings: FileWorld.Whole);

        world.Media.LinkRequests.ShouldBe(requests);
        world.Sandbox.RequestCount.ShouldBeGreaterThan(kapso);
        second.Totals.Media.ShouldBe(new MediaTotals(0, 0, 0, 0, 0, 0, 0, 0));
        second.Files.ShouldNotContain(f => f.Dataset == "media" || f.Dataset == "_media");
    }

    [Fact]
    public async Task A_message_that_changes_does_not_have_its_file_fetched_again()
    {
        await using FileWorld world = await FileWorld.StartAsync();
        await world.NightAsync();
        SandboxAttachment[] truth = [.. world.Media.Attachments()];
        long requests = world.Media.LinkRequests;
        foreach (SandboxAttachment attachment in truth)
            world.Sandbox.Listings.Moving(attachment.ConversationId).Update(attachment.MessageId, "played").ShouldBeTrue();

        Manifest second = await world.NightAsync(settings: FileWorld.Whole);

        second.Totals.Rows.Changed.ShouldBe(truth.Length);
        world.Media.LinkRequests.ShouldBe(requests);
    }

    [Fact]
    public async Task A_link_that_appears_later_is_followed()
    {
        await using FileWorld world = await FileWorld.StartAsync(new SandboxMedia { LateLinks = 1 });
        await world.NightAsync();
        int before = (await world.RowsAsync()).Count;
        world.Media.ShowsLateLinks = true;

        Manifest second = await world.NightAsync(settings: FileWorld.Whole);

        second.Totals.Media!.Stored.ShouldBeGreaterThan(0);
        (await world.RowsAsync()).Count.ShouldBeGreaterThan(before);
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task A_file_that_cannot_be_reached_waits_longer_each_time_and_is_given_up_after_14_days()
    {
        await using FileWorld world = await FileWorld.StartAsync(new SandboxMedia { Duplicates = 0 });
        SandboxAttachment one = world.Media.Attachments().First();
        world.Media.Faults = new SandboxMediaFaults { Chosen = [new SandboxMediaFault(one.MessageId, SandboxMediaFaultKind.Unavailable)] };
        List<int> tried = [];
        for (int night = 0; night < 17; night++)
        {
            Manifest manifest = await world.NightAsync();
            if (manifest.Totals.Media is { Waiting: 1 } or { Failed: 1 })
                tried.Add(night);
            MediaRow row = (await world.NewestAsync())[one.MessageId];
            row.Attempts.ShouldBe(tried.Count);
            row.Outcome.ShouldBe(night < 14 ? MediaOutcome.Waiting : MediaOutcome.Failed, $"night {night}");
        }

        tried.ShouldBe([0, 1, 3, 6, 10, 14]);
        (await world.WaitingAsync())!.Chunks.ShouldBeEmpty();
        world.Media.RequestsOf(one.MessageId).Links.ShouldBe(tried.Count);
    }

    [Fact]
    public async Task A_file_that_works_again_is_stored()
    {
        await using FileWorld world = await FileWorld.StartAsync();
        world.Media.Faults = Of((SandboxMediaFaultKind.Truncated, 0.3), (SandboxMediaFaultKind.BrokenConnection, 0.3));
        Manifest first = await world.NightAsync();
        first.Totals.Media!.Waiting.ShouldBeGreaterThan(0);
        first.Status.ShouldBe("Succeeded", "a file that waits does not make the run partial");
        WaitingFiles left = (await world.WaitingAsync()).ShouldNotBeNull();
        left.Waiting.ShouldBe(first.Totals.Media.Waiting + first.Totals.Media.Untried);
        world.Media.Faults = SandboxMediaFaults.None;

        Manifest second = await world.NightAsync();

        second.Totals.Media!.Stored.ShouldBe(left.Waiting);
        (await world.WaitingAsync())!.Waiting.ShouldBe(0);
        await world.ShouldBeWholeAsync();
    }

    [Theory]
    [InlineData(SandboxMediaFaultKind.NotFound, "gone", "gone")]
    [InlineData(SandboxMediaFaultKind.Gone, "gone", "gone")]
    [InlineData(SandboxMediaFaultKind.Forbidden, "waiting", "refused")]
    [InlineData(SandboxMediaFaultKind.HtmlInstead, "waiting", "failed")]
    [InlineData(SandboxMediaFaultKind.RedirectToPrivate, "refused", "refused")]
    [InlineData(SandboxMediaFaultKind.RedirectLoop, "waiting", "failed")]
    [InlineData(SandboxMediaFaultKind.Truncated, "waiting", "failed")]
    [InlineData(SandboxMediaFaultKind.Endless, "too_large", "too_large")]
    public async Task Each_fault_ends_as_documented(SandboxMediaFaultKind fault, string first, string last)
    {
        await using FileWorld world = await FileWorld.StartAsync(new SandboxMedia { Duplicates = 0 });
        SandboxAttachment one = world.Media.Attachments().First();
        world.Media.Faults = new SandboxMediaFaults { Chosen = [new SandboxMediaFault(one.MessageId, fault)] };
        KeyValuePair<string, string?> limit = new("Archive:MaxMediaBytes", "1000000");

        await world.NightAsync(settings: limit);
        Datasets.Name((await world.NewestAsync())[one.MessageId].Outcome).ShouldBe(first);
        for (int night = 0; night < 16; night++)
            await world.NightAsync(settings: limit);

        MediaRow row = (await world.NewestAsync())[one.MessageId];
        Datasets.Name(row.Outcome).ShouldBe(last);
        row.Reason.ShouldNotBeNullOrWhiteSpace();
        row.Path.ShouldBeNull();
        (await world.WaitingAsync())!.Chunks.ShouldBeEmpty("nothing waits for ever");
        (await world.RowsAsync()).Count(r => r.Outcome == MediaOutcome.Stored).ShouldBe(world.Media.Attachments().Count() - 1);
    }

    [Fact]
    public async Task A_new_link_of_an_unchanged_message_is_used_for_a_file_that_waits()
    {
        await using FileWorld world = await FileWorld.StartAsync(new SandboxMedia { Duplicates = 0 });
        world.Media.Faults = Of((SandboxMediaFaultKind.Unavailable, 1));
        await world.NightAsync(settings: FileWorld.Whole);
        (await world.WaitingAsync())!.Waiting.ShouldBe(world.Media.Attachments().Count());
        world.Media.Faults = SandboxMediaFaults.None;
        world.Media.Generation = 1;
        world.Media.OldLinksAreDead = true;

        Manifest second = await world.NightAsync(settings: FileWorld.Whole);

        second.Totals.Rows.ShouldBe(new RowTotals(0, 0, 0, 0), "a re-signed link writes no new version");
        second.Totals.Media!.Gone.ShouldBe(0);
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task A_dead_link_is_not_asked_again_but_another_one_is()
    {
        await using FileWorld world = await FileWorld.StartAsync(new SandboxMedia { Duplicates = 0 });
        SandboxAttachment one = world.Media.Attachments().First();
        MovingListing listing = world.Sandbox.Listings.Moving(one.ConversationId);
        world.Media.Faults = new SandboxMediaFaults { Chosen = [new SandboxMediaFault(one.Link.ToString(), SandboxMediaFaultKind.NotFound)] };
        await world.NightAsync(settings: FileWorld.Whole);
        await world.NightAsync(settings: FileWorld.Whole);
        (await world.NewestAsync())[one.MessageId].Outcome.ShouldBe(MediaOutcome.Gone);
        world.Media.RequestsOf(one.MessageId).Links.ShouldBe(1);

        listing.Link(one.MessageId, world.Media.LinkOf(one.MessageId, Path.GetFileName(one.Link.AbsolutePath), generation: 1)).ShouldBeTrue();
        await world.NightAsync(settings: FileWorld.Whole);

        (await world.NewestAsync())[one.MessageId].Outcome.ShouldBe(MediaOutcome.Stored);
    }

    [Fact]
    public async Task An_archive_without_files_gets_them_later_from_the_links_of_its_present_state()
    {
        await using FileWorld world = await FileWorld.StartAsync();
        await world.NightAsync(media: "none");
        await world.NightAsync(media: "none");
        (await world.RowsAsync()).ShouldBeEmpty();

        Manifest third = await world.NightAsync();

        third.Totals.Rows.Added.ShouldBe(0);
        third.Totals.Media!.Stored.ShouldBe(world.Media.Attachments().Count());
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task What_a_run_has_no_room_for_is_left_to_the_next_newest_first()
    {
        await using FileWorld world = await FileWorld.StartAsync(new SandboxMedia { Duplicates = 0 });
        await world.NightAsync(media: "none");
        SandboxAttachment[] all = [.. world.Media.Attachments()];
        world.Time.Advance(TimeSpan.FromDays(1));

        Manifest second = await world.Harness(new RunLimits { Files = 10 }).RunAsync();

        second.Totals.Media.ShouldBe(new MediaTotals(10, 0, 0, 0, 0, 0, second.Totals.Media!.Bytes, all.Length - 10));
        Dictionary<string, DateTimeOffset> times = world.Sandbox.Listings.Records().Select(r => JsonElement.Parse(r.Record.Span)).ToDictionary(
            r => r.GetProperty("id").GetString()!, r => r.GetProperty("created_at").GetDateTimeOffset());
        HashSet<string> stored = [.. (await world.RowsAsync()).Select(r => r.MessageId)];
        DateTimeOffset oldest = stored.Min(id => times[id]);
        all.Where(a => !stored.Contains(a.MessageId)).ShouldAllBe(a => times[a.MessageId] <= oldest);

        (await world.NightAsync()).Totals.Media!.Stored.ShouldBe(all.Length - 10);
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Without_time_for_files_all_wait_and_a_run_of_files_alone_fetches_them()
    {
        await using FileWorld world = await FileWorld.StartAsync();
        Manifest first = await world.NightAsync(settings: new KeyValuePair<string, string?>("Archive:MediaDuration", "00:00:00"));
        int all = world.Media.Attachments().Count();
        (first.Totals.Media!.Untried, world.Media.LinkRequests).ShouldBe((all, 0));
        long kapso = world.Sandbox.RequestCount;

        Manifest retry = await world.RetryAsync();

        (retry.Totals.Media!.Stored, retry.Totals.Conversations).ShouldBe((all, new ConversationTotals(0, 0, 0, 0)));
        world.Sandbox.RequestCount.ShouldBe(kapso, "Kapso is not asked");
        await world.ShouldBeWholeAsync();
        (await world.NightAsync()).Status.ShouldBe("Succeeded");
    }

    [Fact]
    public async Task A_run_of_files_alone_tries_at_once_what_would_wait()
    {
        await using FileWorld world = await FileWorld.StartAsync();
        world.Media.Faults = Of((SandboxMediaFaultKind.Forbidden, 0.3));
        long waiting = (await world.NightAsync()).Totals.Media!.Waiting;
        waiting.ShouldBeGreaterThan(0);
        world.Media.Faults = SandboxMediaFaults.None;

        (await world.RetryAsync()).Totals.Media!.Stored.ShouldBe(waiting);

        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Only_the_types_that_are_asked_for_are_fetched_and_others_later()
    {
        await using FileWorld world = await FileWorld.StartAsync();
        await world.NightAsync(media: "image");
        (await world.RowsAsync()).ShouldAllBe(r => r.DetectedType!.StartsWith("image/", StringComparison.Ordinal));
        (await world.RowsAsync()).ShouldNotBeEmpty();

        await world.NightAsync();

        await world.ShouldBeWholeAsync();
    }

    [Theory]
    [InlineData("media/waiting")]
    [InlineData("media/")]
    public async Task What_is_lost_of_the_state_is_found_again_in_the_lake(string lost)
    {
        await using FileWorld world = await FileWorld.StartAsync();
        world.Media.Faults = Of((SandboxMediaFaultKind.Unavailable, 0.3));
        await world.NightAsync();
        long links = world.Media.LinkRequests;
        long waiting = (await world.WaitingAsync())!.Waiting;
        await foreach (StoredFile file in world.Store.ListAsync(StoreArea.State, lost, Cancellation))
            await world.Store.DeleteAsync(file.Path, Cancellation);
        world.Media.Faults = SandboxMediaFaults.None;

        Manifest second = await world.NightAsync();

        second.Totals.Media!.Stored.ShouldBe(waiting);
        world.Media.LinkRequests.ShouldBe(links + waiting, "what is stored is not fetched again");
        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task A_damaged_list_of_waiting_files_is_made_again()
    {
        await using FileWorld world = await FileWorld.StartAsync();
        world.Media.Faults = Of((SandboxMediaFaultKind.Unavailable, 0.3));
        await world.NightAsync();
        WaitingChunk chunk = (await world.WaitingAsync())!.Chunks.ShouldHaveSingleItem();
        string path = Path.Combine(world.Path, "_state", "media", chunk.Name);
        byte[] bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        world.Media.Faults = SandboxMediaFaults.None;

        await world.NightAsync();

        await world.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Short_slices_fetch_everything_once()
    {
        await using FileWorld world = await FileWorld.StartAsync(new SandboxMedia { Duplicates = 0 });
        world.Media.Faults = Of((SandboxMediaFaultKind.Slow, 1)) with { SlowSeconds = 0.4 };

        await world.NightAsync(settings: [new("Archive:SliceDuration", "00:00:01"), new("Archive:MediaConcurrency", "4")]);

        await world.ShouldBeWholeAsync();
        world.Media.Attachments().ShouldAllBe(a => world.Media.RequestsOf(a.MessageId).Links == 1);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_left_for_the_night()
    {
        await using FileWorld world = await FileWorld.StartAsync(new SandboxMedia { Duplicates = 0 }, conversations: 20, messages: 800);
        world.Media.Faults = Of((SandboxMediaFaultKind.BrokenConnection, 1));

        Manifest manifest = await world.NightAsync();

        MediaTotals totals = manifest.Totals.Media!;
        totals.Waiting.ShouldBeInRange(24, 24 + 8);
        (totals.Waiting + totals.Untried).ShouldBe(world.Media.Attachments().Count());
    }

    private static SandboxMediaFaults Of(params (SandboxMediaFaultKind Kind, double Share)[] shares) =>
        new() { Shares = shares.ToDictionary(s => s.Kind, s => s.Share) };
}
