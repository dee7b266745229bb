using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Runs;

/// <summary>Whole runs over pages of hostile values: no value stops a run, fails a conversation, or costs a neighbour.</summary>
public sealed class HostilePagesTests : IDisposable
{
    private const int PagesOfRun = 100;

    private static readonly string[] MetaOfHostile = ["null", "{}", "[]", "\"x\"", "{\"total_count\":null,\"page\":[1]}", "{\"total_count\":1e400,\"per_page\":\"\\ud83d\"}", "{\"total_count\":{\"a\":1},\"a\":1,\"a\":2}"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => Samples.Seeds;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Hostile_values_affect_no_neighbour_no_conversation_and_no_run(int seed)
    {
        for (int run = 0; run < Samples.Count(1, 20); run++)
            await RunOverAsync(unchecked(seed + run));
    }

    [Fact]
    public async Task The_odd_samples_are_archived_and_the_next_night_finds_nothing_new()
    {
        await using RawSource source = await RawSource.StartAsync();
        source.Add("odd", OddValues.Records.Select(Encoding.UTF8.GetString));
        source.Add("plain", [Plain("p-0")]);
        await using var harness = new RunHarness(source.BaseUrl, new FolderStore(_folder.Path));

        Manifest first = await harness.RunAsync();
        Manifest second = await harness.RunAsync();

        first.Status.ShouldBe("Succeeded");
        first.Totals.Rows.ShouldBe(new RowTotals(OddValues.Records.Count + 1, 0, 0, 0));
        first.Totals.Values.ShouldBe(new ValueTotals(Unfit: 20, Repaired: 5, LeftOut: 0));
        second.Totals.Rows.ShouldBe(new RowTotals(0, 0, 0, 0));
        (await VerifyAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_export_by_time_counts_messages_left_out_without_a_time()
    {
        await using RawSource source = await RawSource.StartAsync();
        source.Add("odd", OddValues.Records.Select(Encoding.UTF8.GetString));
        await using var harness = new RunHarness(source.BaseUrl, new FolderStore(_folder.Path));

        Manifest span = await harness.ExportAsync(new TimeRange(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), null), [PartFormat.Csv], Cancellation);
        Manifest all = await harness.ExportAsync(TimeRange.All, [PartFormat.Csv], Cancellation);

        (span.Totals.Rows.Added, span.Totals.Values!.LeftOut).ShouldBe((OddValues.Records.Count - 12, 12L));
        (all.Totals.Rows.Added, all.Totals.Values!.LeftOut).ShouldBe((OddValues.Records.Count, 0L));
    }

    [Fact]
    public async Task The_count_of_what_was_left_out_survives_from_slice_to_slice()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 2, 0, 0, TimeSpan.Zero));
        await using RawSource source = await RawSource.StartAsync();
        for (int c = 0; c < 12; c++)
            source.Add($"c-{c:D2}", Enumerable.Range(0, 500).Select(m => m % 5 == 0 ? $$"""{"id":"{{c}}-{{m}}","created_at":"soon"}""" : Plain($"{c}-{m}", TimeSpan.FromMinutes(-m))));
        source.Before = _ => time.Advance(TimeSpan.FromMilliseconds(200));
        KeyValuePair<string, string?>[] settings = [new("Archive:SliceDuration", "00:00:01"), new("Kapso:MaxConcurrency", "2")];
        await using var harness = new RunHarness(source.BaseUrl, new FolderStore(_folder.Path), time: time, settings: settings);

        Manifest span = await harness.ExportAsync(new TimeRange(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), null), [PartFormat.Jsonl], Cancellation);

        (span.Totals.Rows.Added, span.Totals.Values!.LeftOut).ShouldBe((12 * 400, 12L * 100));
        span.Files.Count(f => f.Dataset == Datasets.MessagesJsonl).ShouldBeGreaterThan(5, "each slice closes its part");
    }

    private async Task RunOverAsync(int seed)
    {
        var random = new Random(seed);
        var json = new HostileJson(random);
        await using RawSource source = await RawSource.StartAsync();
        Dictionary<string, List<string>> plain = [];
        int listed = 0;
        for (int page = 0; page < PagesOfRun; page++)
        {
            string conversation = $"c-{page:D4}";
            List<string> messages = [];
            plain[conversation] = [];
            for (int at = 0; at < random.Next(1, 16); at++)
            {
                bool isPlain = random.Next(2) == 0;
                string id = $"{page:x4}{at:x4}";
                messages.Add(isPlain ? Plain(id, TimeSpan.FromMinutes(-at)) : json.Record(id));
                if (isPlain)
                    plain[conversation].Add(id);
            }

            listed += messages.Count;
            source.Add(conversation, messages, json.Conversation(conversation));
        }

        source.Meta = (number, size, count) => random.Next(3) == 0 ? MetaOfHostile[random.Next(MetaOfHostile.Length)] : RawSource.Honest(number, size, count);
        string folder = _folder.File($"{seed}");
        await using var harness = new RunHarness(source.BaseUrl, new FolderStore(folder));

        Manifest first = await harness.RunAsync();
        Manifest second = await harness.RunAsync(full: true, Cancellation);

        string because = $"seed {seed}";
        (first.Totals.Conversations.Failed, second.Totals.Conversations.Failed).ShouldBe((0L, 0L), because);
        (first.Totals.Rows.Added + first.Totals.Rows.Rejected).ShouldBe(listed, because);
        (second.Totals.Rows with { Rejected = 0 }).ShouldBe(new RowTotals(0, 0, 0, 0), because);
        (await VerifyAsync(folder)).Findings.ShouldBeEmpty(because);
        ShouldHold(folder, plain, first.RunId, because);
        foreach (string line in Directory.Exists($"{folder}/_rejected") ? Directory.GetFiles($"{folder}/_rejected").SelectMany(File.ReadLines) : [])
            StrictJson.Parse(Encoding.UTF8.GetBytes(line));
    }

    private static void ShouldHold(string folder, Dictionary<string, List<string>> plain, string runId, string because)
    {
        using var duck = new DuckDb();
        HashSet<string> archived = [.. duck.Rows($"SELECT conversation_id || ' ' || content FROM read_parquet('{folder}/messages/*/*.parquet') WHERE content IS NOT NULL").Select(r => (string)r[0]!)];
        HashSet<string> lines = [.. duck.Rows(
            $"SELECT _archive.conversation_id || ' ' || (content->>'$') FROM read_json('{folder}/messages_jsonl/*/*.jsonl.gz', columns = {{'content': 'JSON', '_archive': 'STRUCT(conversation_id VARCHAR, run_id VARCHAR)'}}) WHERE _archive.run_id = '{runId}'")
            .Select(r => r[0]).OfType<string>()];
        foreach ((string conversation, List<string> ids) in plain)
        {
            ids.ShouldAllBe(id => archived.Contains($"{conversation} text of {id}"), because);
            ids.ShouldAllBe(id => lines.Contains($"{conversation} text of {id}"), because);
        }

        foreach (string column in (string[])["metadata", "message_type_data", "extra"])
            duck.Rows($"SELECT json_extract({column}, '$.a') FROM read_parquet('{folder}/messages/*/*.parquet')").ShouldNotBeEmpty();
    }

    private static string Plain(string id, TimeSpan ago = default) =>
        JsonSerializer.Serialize(new { id, content = $"text of {id}", created_at = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero).Add(ago).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), direction = "inbound" });

    private Task<VerificationReport> VerifyAsync(string? folder = null) =>
        new ArchiveVerification(new FolderStore(folder ?? _folder.Path), TimeProvider.System).VerifyAsync(new VerificationRequest(RunId: null, RebuildIndex: false), new VerificationTracker(), Cancellation);
}
