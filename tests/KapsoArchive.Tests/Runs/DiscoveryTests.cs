using System.Globalization;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Discovery;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kapso;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Runs;

/// <summary>The list of conversations, from sources that clamp, count and end in every way: all of it is found, or the run says that it
/// may not be.</summary>
public sealed class DiscoveryTests : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Metas = ["right", "absent", "null", "text", "zero", "no pages", "one too high", "one too low", "rows of this page"];
    private static readonly string[] Behinds = ["empty", "last", "400", "404", "422"];
    private static readonly int[] Caps = [100, 99, 50, 25, 20, 10];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => Samples.Seeds;

    public void Dispose() => _folder.Dispose();

    /// <summary>Still lists of every size and form.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task An_unchanging_list_is_read_completely_and_proven(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < (Samples.IsExhaustive ? 5_000 : 150); i++)
        {
            int count = random.Next(3) == 0 ? random.Next(0, 12) : random.Next(0, 460);
            int cap = Caps[random.Next(Caps.Length)];
            count = random.Next(4) == 0 ? count / cap * cap : count;
            await using ListSource source = await new ListSource
            {
                Conversations = Rows(count),
                Cap = cap,
                OffsetsByRequest = random.Next(2) == 0,
                Meta = Metas[random.Next(Metas.Length)],
                Behind = Behinds[random.Next(Behinds.Length)],
            }.StartAsync();
            string drawn = $"seed {seed}, case {i}: {count} conversations, cap {cap}, by request {source.OffsetsByRequest}, meta {source.Meta}, behind {source.Behind}";

            FoundConversations found = await FindAsync(source);

            found.Conversations.Select(c => c.Id).ShouldBe(source.Conversations.Select(c => c.Id), ignoreOrder: true, drawn);
            found.Proof.Complete.ShouldBeTrue($"{drawn}: {found.Proof.Reason}");
            found.Proof.Listed.ShouldBe(count, drawn);
            source.Listings.Count.ShouldBeLessThanOrEqualTo((2 * (int)Math.Ceiling(count / (double)cap)) + 6, drawn);
        }
    }

    /// <summary>Between any two requests conversations become active, come and go.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_proven_list_misses_nothing_that_was_listed_throughout(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < (Samples.IsExhaustive ? 3_000 : 100); i++)
        {
            List<(string Id, DateTimeOffset LastActiveAt)> rows = Rows(random.Next(1, 400));
            HashSet<string> throughout = [.. rows.Select(r => r.Id)];
            int quietFrom = random.Next(1, 20);
            int fresh = 0;
            await using ListSource source = await new ListSource
            {
                Conversations = rows,
                Cap = Caps[random.Next(Caps.Length)],
                BeforeListing = request =>
                {
                    for (int moves = request < quietFrom ? random.Next(4) : 0; moves > 0; moves--)
                    {
                        int at = random.Next(rows.Count);
                        DateTimeOffset now = Begin.AddDays(1).AddSeconds((request * 10) + moves);
                        if (random.Next(4) == 0)
                            rows.Insert(0, ($"fresh-{fresh++}", now));
                        else
                            Jump(rows, at, now);
                    }
                },
            }.StartAsync();

            FoundConversations found = await FindAsync(source);

            if (found.Proof.Complete)
                throughout.Except(found.Conversations.Select(c => c.Id)).ShouldBeEmpty($"seed {seed}, case {i}, cap {source.Cap}");
        }
    }

    /// <summary>It jumps ahead of the first walk, sinks below the first page of the second, and jumps ahead of that one too.</summary>
    [Fact]
    public async Task A_conversation_that_jumps_past_both_walks_is_found_at_the_head()
    {
        List<(string Id, DateTimeOffset LastActiveAt)> rows = Rows(60);
        await using ListSource source = await new ListSource
        {
            Conversations = rows,
            Cap = 20,
            BeforeListing = request =>
            {
                DateTimeOffset now = Begin.AddDays(1).AddMinutes(request);
                if (request is 2 or 6)
                    Jump(rows, rows.FindIndex(r => r.Id == "c45"), now);
                for (int other = 0; request == 4 && other < 25; other++)
                    Jump(rows, rows.FindIndex(r => r.Id == $"c{other}"), now.AddSeconds(other));
            },
        }.StartAsync();

        FoundConversations found = await FindAsync(source);

        found.Conversations.Select(c => c.Id).ShouldContain("c45");
        found.Proof.Complete.ShouldBeTrue(found.Proof.Reason);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(60, 2)]
    [InlineData(130, 4)]
    public async Task A_short_list_takes_few_requests(int count, int requests)
    {
        await using ListSource source = await new ListSource { Conversations = Rows(count) }.StartAsync();

        await FindAsync(source);

        source.Listings.Count.ShouldBe(requests);
    }

    [Theory]
    [InlineData("one too high", 301, "the source counts 302 conversations and lists 301")]
    [InlineData("no pages", 230, null)]
    [InlineData("right", 230, null)]
    public async Task A_wrong_count_archives_everything_and_is_a_note(string meta, int count, string? reason)
    {
        await using ListSource source = await new ListSource { Conversations = Rows(count), Meta = meta }.StartAsync();
        await using var harness = new RunHarness(source.Api, new FolderStore(_folder.Path));

        Manifest manifest = await harness.RunAsync();

        manifest.Totals.Rows.Added.ShouldBe(count);
        manifest.Status.ShouldBe("Succeeded");
        manifest.Discovery.ShouldBe(new ManifestDiscovery(true, reason, count, meta == "one too high" ? count + 1 : count) { AsOf = manifest.StartedAt });
    }

    [Fact]
    public async Task An_unproven_end_makes_the_run_partial_and_the_next_asks_again()
    {
        bool isDown = true;
        List<(string, DateTimeOffset)> rows = Rows(250);
        await using LocalServer odd = await OddAsync(rows, () => isDown);
        var store = new FolderStore(_folder.Path);
        await using var harness = new RunHarness(odd.BaseUrl, store);

        Manifest partial = await harness.RunAsync();

        partial.Status.ShouldBe("PartiallySucceeded");
        partial.Discovery.ShouldBe(new ManifestDiscovery(false, "page 3 could not be read: Kapso answered 500", 200, 250) { AsOf = partial.StartedAt });
        partial.Totals.Conversations.ShouldBe(new ConversationTotals(200, 0, 0, 0));
        partial.Request.WholeList.ShouldBeFalse();
        IndexCatalog catalog = (await ArchiveIndex.ReadAsync(store, Cancellation)).Catalog;
        (catalog.DiscoveredAt, catalog.ListedAt).ShouldBe((null, null));
        isDown = false;
        Manifest whole = await harness.RunAsync();
        (whole.Status, whole.Totals.Rows.Added, whole.Request.WholeList).ShouldBe(("Succeeded", 50, true));
        VerificationReport report = await new ArchiveVerification(store, TimeProvider.System).VerifyAsync(new VerificationRequest(RunId: null, RebuildIndex: false), new VerificationTracker(), Cancellation);
        report.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_endless_list_is_stopped_at_the_limit()
    {
        await using LocalServer endless = await LocalServer.StartAsync(async context =>
        {
            int page = int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture);
            await context.Response.WriteAsync($$"""{"data":[{{string.Join(',', Enumerable.Range(page * 100, 100).Select(i => $"{{\"id\":\"c{i}\"}}"))}}]}""");
        });
        await using TestSource source = TestSource.At(endless.BaseUrl);

        FoundConversations found = await new ConversationDiscovery(source.Client, maxMegabytes: 1).FindAsync(activeSince: null, Cancellation);

        found.Proof.Complete.ShouldBeFalse();
        found.Proof.Reason!.ShouldMatch("^it continues after the [0-9]{2},[0-9]{3} conversations that fit in 1 MB \\(Kapso:MaxListMegabytes\\)$");
        endless.Keys.Count.ShouldBeLessThan(300);
    }

    [Fact]
    public async Task An_export_by_time_has_the_lookback_of_a_night()
    {
        DateTimeOffset from = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
        await using ListSource source = await new ListSource
        {
            Conversations = [.. Enumerable.Range(0, 15).Select(i => ($"c{i}", from.AddSeconds(-1 - i))), ("old", from.AddDays(-8))],
            CreatedAt = _ => from.AddMinutes(1),
        }.StartAsync();
        await using var harness = new RunHarness(source.Api, new FolderStore(_folder.Path));

        Manifest export = await harness.ExportAsync(new TimeRange(from, null), [PartFormat.Parquet], Cancellation);
        await harness.ExportAsync(new TimeRange(DateTimeOffset.MinValue.AddDays(1), null), [PartFormat.Parquet], Cancellation);

        export.Totals.Rows.Added.ShouldBe(15);
        export.Totals.Conversations.Complete.ShouldBe(15);
    }

    private static List<(string Id, DateTimeOffset LastActiveAt)> Rows(int count) => [.. Enumerable.Range(0, count).Select(i => ($"c{i}", Begin.AddSeconds(-i)))];

    private static void Jump(List<(string Id, DateTimeOffset LastActiveAt)> rows, int at, DateTimeOffset now)
    {
        string id = rows[at].Id;
        rows.RemoveAt(at);
        rows.Insert(0, (id, now));
    }

    private static async Task<FoundConversations> FindAsync(ListSource source)
    {
        await using TestSource client = TestSource.At(source.Api);
        return await new ConversationDiscovery(client.Client, maxMegabytes: 64).FindAsync(activeSince: null, Cancellation);
    }

    /// <summary>A source whose list has 500 in place of its third page while it is down.</summary>
    private static Task<LocalServer> OddAsync(List<(string Id, DateTimeOffset LastActiveAt)> rows, Func<bool> isDown) => LocalServer.StartAsync(async context =>
    {
        string[] path = context.Request.Path.Value!.Split('/');
        int page = int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture);
        int size = int.Parse(context.Request.Query["per_page"]!, CultureInfo.InvariantCulture);
        bool isList = path[^1] == "whatsapp_conversations";
        context.Response.StatusCode = isList && page == 3 && isDown() ? 500 : 200;
        string data = isList
            ? string.Join(',', rows.Skip((page - 1) * size).Take(size).Select(r => $$"""{"id":"{{r.Id}}","last_active_at":"{{r.LastActiveAt:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}"""))
            : $$"""{"id":"m-{{path[^2]}}"}""";
        await context.Response.WriteAsync(context.Response.StatusCode == 500 ? "{}" : $$$"""{"data":[{{{data}}}],"meta":{"total_count":{{{(isList ? rows.Count : 1)}}}}}""");
    });
}
