using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>Whole runs over HTTP against a sandbox that misbehaves.</summary>
public sealed class FaultyRunTests : IDisposable
{
    /// <summary>What a stalled answer costs; an ordinary one takes a hundredth of it.</summary>
    private const string Patience = "00:00:03";

    /// <summary>More than the faults need, which are three in a row at most: on a busy machine an ordinary answer may take as long as a
    /// stalled one.</summary>
    private const int Retries = 20;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>All kinds of faults mixed, twenty seeds, five at once: most of the time is spent waiting for what the faults
    /// cost.</summary>
    [Fact]
    public async Task With_a_fifth_of_requests_failing_nothing_is_lost_or_doubled()
    {
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        var options = new ParallelOptions { MaxDegreeOfParallelism = 5, CancellationToken = Cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(1, 20), options, async (seed, cancellationToken) => output.WriteLine(await ReadFaultyAsync(seed, cancellationToken)));
    }

    [Fact]
    public async Task Rejected_records_are_kept_in_their_file_and_the_rest_is_archived()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 5, Messages = 500, MalformedShare = 0.05 }, cancellationToken: Cancellation);
        await using RunHarness harness = Harness(sandbox);

        Manifest manifest = await harness.RunAsync();

        manifest.Totals.Rows.Rejected.ShouldBeInRange(5, 80);
        (manifest.Totals.Rows.Added + manifest.Totals.Rows.Rejected).ShouldBe(500);
        manifest.Incomplete.ShouldBeEmpty("a rejected record counts as read");
        string[] lines = await File.ReadAllLinesAsync(_folder.File($"_rejected/{manifest.RunId}.jsonl"), Cancellation);
        lines.Length.ShouldBe((int)manifest.Totals.Rows.Rejected);
        lines.ShouldAllBe(line => line.Contains("\"reason\":\"not a JSON object\"") || line.Contains("\"reason\":\"no id that is text or a number\""));
        manifest.Files.Single(f => f.Dataset == "_rejected").Rows.ShouldBe(lines.Length);
    }

    [Fact]
    public async Task Conversations_that_change_during_reading_are_complete_and_correct()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 6, Messages = 3_000, Faults = SandboxFaults.Mixed(0.1) with { Stalled = 0 } }, cancellationToken: Cancellation);
        Dictionary<string, MovingListing> listings = sandbox.Data.Conversations.Skip(1).ToDictionary(c => c.Id, c => sandbox.Listings.Moving(c.Id));
        foreach (MovingListing listing in listings.Values)
            listing.Movement = SandboxMovement.Mixed(0.6);
        await using RunHarness harness = Harness(sandbox, Retries);

        Manifest manifest = await harness.RunAsync([.. listings.Keys]);

        manifest.Incomplete.ShouldBeEmpty();
        foreach ((string conversation, MovingListing listing) in listings)
        {
            List<string> ids = [.. Archived("id", $"conversation_id = '{conversation}'")];
            ids.ShouldBeUnique();
            ids.Except(listing.Truth.ListedAtSomeMoment(1, listing.RequestsMade)).ShouldBeEmpty();
            listing.Truth.ListedThroughout(1, listing.RequestsMade).Except(ids).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(SandboxOutage.Error)]
    [InlineData(SandboxOutage.Unavailable)]
    [InlineData(SandboxOutage.Reset)]
    public async Task A_source_that_never_recovers_ends_the_run_early_with_nothing_visible(SandboxOutage outage)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 100, Messages = 10_000, Faults = new SandboxFaults { Outage = outage, RetryAfterSeconds = 1 } }, cancellationToken: Cancellation);
        await using RunHarness harness = Harness(sandbox, retries: 1);

        SourceUnavailableException all = await Should.ThrowAsync<SourceUnavailableException>(() => harness.RunAsync());
        SourceUnavailableException listed = await Should.ThrowAsync<SourceUnavailableException>(() => harness.RunAsync([.. sandbox.Data.Conversations.Select(c => c.Id)]));
        SourceUnavailableException few = await Should.ThrowAsync<SourceUnavailableException>(() => harness.RunAsync(sandbox.Data.Conversations[0].Id));

        all.Message.ShouldStartWith("The list of conversations could not be read: ");
        listed.Message.ShouldStartWith("8 conversations in a row could not be read, so the run was stopped. The last error: ");
        few.Message.ShouldStartWith("No conversation could be read. The last error: ");
        Visible().ShouldBeEmpty();
        sandbox.RequestCount.ShouldBeLessThan(60);
    }

    [Fact]
    public async Task An_outage_in_the_middle_of_a_run_ends_it_with_nothing_visible()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 60, Messages = 6_000 }, cancellationToken: Cancellation);
        await using RunHarness harness = Harness(sandbox, retries: 1);
        sandbox.Listings.Moving(sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(20).Id)
            .After(0, _ => sandbox.Faults = new SandboxFaults { Outage = SandboxOutage.Error });

        SourceUnavailableException e = await Should.ThrowAsync<SourceUnavailableException>(() => harness.RunAsync());

        e.Message.ShouldContain("conversations in a row could not be read");
        harness.Tracker.Messages.ShouldBeGreaterThan(0);
        Visible().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_limit_makes_the_conversation_incomplete_with_the_reason()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 6_000 }, cancellationToken: Cancellation);
        SandboxConversation large = sandbox.Data.Conversations[1];
        sandbox.Listings.SetOddities(large.Id, new SandboxOddities { MaxOffset = 5_000 });
        await using RunHarness harness = Harness(sandbox);

        Manifest manifest = await harness.RunAsync();

        ManifestIncomplete incomplete = manifest.Incomplete.ShouldHaveSingleItem();
        (incomplete.ConversationId, incomplete.Outcome).ShouldBe((large.Id, "incomplete"));
        incomplete.Reason.ShouldStartWith("the source pages no further: legacy_offset_pagination_limit_exceeded");
        incomplete.ReportedCount.ShouldBe(large.MessageCount);
        incomplete.DistinctCount.ShouldBeInRange(4_900, 5_000);
        manifest.Totals.Rows.Added.ShouldBe(incomplete.DistinctCount + 24);
    }

    [Fact]
    public async Task The_conversations_dataset_has_the_proof()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 900 }, cancellationToken: Cancellation);
        sandbox.Listings.SetOddities(sandbox.Data.Conversations[1].Id, new SandboxOddities { TotalCountOffset = 1 });
        await using RunHarness harness = Harness(sandbox);

        await harness.RunAsync();

        using var duck = new DuckDb();
        object?[] row = duck.Rows(
            $"SELECT outcome, reason, reported_count, distinct_count, sweeps, pages FROM read_parquet('{_folder.Path}/conversations/*/*.parquet') WHERE conversation_id = '{sandbox.Data.Conversations[1].Id}'").Single();
        long count = sandbox.Data.Conversations[1].MessageCount;
        row.ShouldBe(["complete", $"the source counts {count + 1} messages, and its listing, read to a proven end, has {count}", count + 1, count, 1L, row[5]]);
    }

    [Fact]
    public async Task A_large_conversation_is_read_by_concurrent_requests()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 1, Messages = 5_000, IncludeSamples = false, Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.05, MaxConsecutive = int.MaxValue } },
            cancellationToken: Cancellation);
        await using RunHarness harness = Harness(sandbox);
        Task<Manifest> run = harness.RunAsync();
        int most = 0;
        while (!run.IsCompleted)
        {
            most = Math.Max(most, harness.InFlight);
            await Task.Delay(5, Cancellation);
        }

        Manifest manifest = await run;

        manifest.Totals.Rows.Added.ShouldBe(5_000);
        most.ShouldBeGreaterThan(4);
    }

    /// <returns>What it cost, in words.</returns>
    private async Task<string> ReadFaultyAsync(int seed, CancellationToken cancellationToken)
    {
        string folder = _folder.File($"seed-{seed}");
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 30, Messages = 6_000, Seed = seed, MalformedShare = 0.01, Faults = SandboxFaults.Mixed(0.2, seed) }, cancellationToken: cancellationToken);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(folder), retries: Retries, attemptTimeout: Patience);

        Manifest manifest = await harness.RunAsync(cancellationToken);

        manifest.Incomplete.ShouldBeEmpty($"seed {seed}");
        List<byte[]> truth = [.. Truth(sandbox)];
        using var duck = new DuckDb();
        List<string> rows = [.. duck.Rows($"SELECT id || coalesce(content, '') || coalesce(status, '') FROM read_parquet('{folder}/messages/*/*.parquet') ORDER BY 1").Select(r => (string)r[0]!)];
        rows.Order(StringComparer.Ordinal).ShouldBe(truth.Select(Value).OfType<string>().Order(StringComparer.Ordinal), $"seed {seed}");
        manifest.Totals.Rows.ShouldBe(new RowTotals(rows.Count, 0, 0, truth.Count - rows.Count), $"seed {seed}");
        return $"seed {seed}: {manifest.Totals.Requests} requests, {sandbox.FaultCounts.Values.Sum()} faults, {manifest.Totals.Retries} retries, {manifest.Totals.Throttled} throttled; all {rows.Count} messages once";
    }

    private static string? Value(byte[] record) => new RecordFlattener(Utf8Text.From("c"), Rows.Run).Flatten(record, out _) is { } row ? $"{row.Id}{row.Content}{row.Status}" : null;

    private static IEnumerable<byte[]> Truth(SandboxServer sandbox)
    {
        for (int c = 0; c < sandbox.Data.Conversations.Count; c++)
        {
            for (long m = 0; m < sandbox.Data.Conversations[c].MessageCount; m++)
                yield return sandbox.Data.Record(c, m);
        }
    }

    private RunHarness Harness(SandboxServer sandbox, int retries = 0) => new(sandbox.BaseUrl, new FolderStore(_folder.Path), retries: retries, attemptTimeout: retries > 0 ? Patience : "00:00:30");

    private IEnumerable<string> Archived(string column, string where = "true")
    {
        using var duck = new DuckDb();
        return duck.Rows($"SELECT {column} FROM read_parquet('{_folder.Path}/messages/*/*.parquet') WHERE {where}").Select(r => (string)r[0]!);
    }

    private IEnumerable<string> Visible() => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(_folder.Path, f)).Where(f => !f.StartsWith("_state", StringComparison.Ordinal));
}
