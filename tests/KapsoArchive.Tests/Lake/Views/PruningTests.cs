using System.Security.Cryptography;
using System.Text;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>Which files DuckDB opens for a query over the views, and in which order it lists them.</summary>
public sealed class PruningTests : IDisposable
{
    private const int Nights = 28;
    private const int MessagesPerNight = 300;

    private readonly TemporaryFolder _folder = new();
    private readonly DuckDb _duck = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Lake => _folder.File("lake");

    public void Dispose()
    {
        _duck.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("snapshot_date = '2026-11-05'", 1)]
    [InlineData("snapshot_date BETWEEN '2026-11-05' AND '2026-11-14'", 10)]
    [InlineData("snapshot_date IN ('2026-11-05', '2026-11-09') AND conversation_id = 'c05'", 2)]
    [InlineData("snapshot_date >= '2026-11-26' AND created_at >= '2026-11-26'", 3)]
    [InlineData("run_id > '20261125T020000Z-0000abcd'", 3)]
    [InlineData("run_id = '20261105T020000Z-0000abcd'", 1)]
    public async Task A_filter_opens_no_part_of_another_night(string filter, int nights)
    {
        await MakeAsync();

        foreach (string view in (string[])["messages", "conversations"])
        {
            string query = $"SELECT * FROM {view} WHERE {(view == "messages" ? filter : filter.Replace("created_at", "archived_at").Replace("'c05'", "'c'"))}";
            _duck.Rows(query).Count.ShouldBeGreaterThan(0);
            Opened(query, view).Count.ShouldBeInRange(1, (int)(nights * 1.1), $"{view} of {Nights} nights");
        }
    }

    [Theory]
    [InlineData("run_id > '20261125T020000Z-0000abcd'", 3)]
    [InlineData("run_id = '20261105T020000Z-0000abcd'", 1)]
    public async Task A_filter_by_run_opens_no_manifest_of_another(string filter, int manifests)
    {
        await MakeAsync();

        Opened($"SELECT * FROM messages WHERE {filter}", "_manifests").Count.ShouldBe(manifests);
        Opened($"SELECT * FROM committed_runs WHERE {filter}", "_manifests").Count.ShouldBe(manifests);
    }

    [Theory]
    [InlineData("conversation_id = 'c05'")]
    [InlineData("created_at >= '2026-11-05 00:00:00+00' AND created_at < '2026-11-06 00:00:00+00'")]
    public async Task A_filter_by_conversation_or_time_reads_no_rows_outside_its_bounds(string filter)
    {
        await MakeAsync();

        Dictionary<string, long> opened = Opened($"SELECT content FROM messages WHERE {filter} AND snapshot_date BETWEEN '2026-11-03' AND '2026-11-07'", "messages");

        opened.Count.ShouldBe(5);
        foreach ((string file, long read) in opened)
            (read > new FileInfo(_folder.File($"lake/{file}")).Length / 2).ShouldBe(file.Contains("=2026-11-05/", StringComparison.Ordinal), $"{file}: {read} bytes");
    }

    [Fact]
    public async Task The_query_command_opens_no_part_of_another_night()
    {
        await MakeAsync();
        LakeFiles files = await LakeFiles.ReadAsync(new FolderStore(Lake), cache: null, Cancellation);
        using var duck = new DuckDb();
        duck.Execute(ViewScript.Over(files.Files));

        OpenedFiles.Of(duck, Lake, "SELECT * FROM messages WHERE snapshot_date = '2026-11-05'").Keys
            .ShouldBe(["messages/snapshot_date=2026-11-05/20261105T020000Z-0000abcd-00000.parquet"]);
    }

    [Fact]
    public async Task Making_the_views_opens_no_part()
    {
        await MakeAsync();

        OpenedFiles.Of(_duck, Lake, ViewScript.For(LakeEngine.DuckDb, new LakeLocation(Lake))).ShouldBeEmpty();
        OpenedFiles.Of(_duck, Lake, "DESCRIBE messages_current").ShouldBeEmpty();
    }

    /// <summary>What makes a run visible whole or not at all: between the two lists, whatever is in the first is in the second.</summary>
    [Fact]
    public async Task Every_view_lists_the_manifests_before_the_parts()
    {
        await MakeAsync();
        if (!OperatingSystem.IsLinux())
            return;
        using var watch = new FolderWatch();
        watch.Add("manifests", _folder.File("lake/_manifests"));
        foreach (string dataset in (string[])["messages", "conversations"])
        {
            watch.Add(dataset, _folder.File($"lake/{dataset}"));
            foreach (string night in Directory.GetDirectories(_folder.File($"lake/{dataset}")))
                watch.Add(dataset, night);
        }

        foreach (string view in ViewReader.Views.Where(v => !v.StartsWith("committed", StringComparison.Ordinal)).Append("media"))
        {
            string parts = view.StartsWith("message", StringComparison.Ordinal) ? "messages" : "conversations";
            foreach (string filter in (string[])["true", "run_id > '20261125T'", "snapshot_date = '2026-11-05'", "conversation_id = 'c'"])
            {
                watch.Take();
                _duck.Rows($"SELECT run_id, count(*) FROM {view} WHERE {filter} GROUP BY run_id");
                string[] steps = [.. Steps(watch.Take())];

                steps.Length.ShouldBeGreaterThan(0, view);
                steps.Chunk(3).ShouldAllBe(listed => listed.SequenceEqual(new[] { "+manifests", "-manifests", parts }), $"{view}, {filter}: {string.Join(' ', steps)}");
            }
        }
    }

    /// <summary>The events, those of parts that follow each other as one.</summary>
    private static IEnumerable<string> Steps(IReadOnlyList<string> events)
    {
        string? last = null;
        foreach (string step in events.Select(e => e.EndsWith("manifests", StringComparison.Ordinal) ? e : e[1..]))
        {
            if (step != last)
                yield return step;
            last = step;
        }
    }

    /// <summary>Of each night a run, of schema version 2 and of today's: a conversation of its own, with messages of that day.</summary>
    private async Task MakeAsync()
    {
        SmallLake lake = new(Lake);
        for (int night = 1; night <= Nights; night++)
        {
            RunStamp run = SmallLake.Run(night);
            var flattener = new RecordFlattener(Utf8Text.From($"c{night:D2}"), run);
            MessageRow[] rows = [.. Enumerable.Range(0, MessagesPerNight).Select(i => flattener.Flatten(Encoding.UTF8.GetBytes(
                $$"""{"id":"{{night:D2}}-{{i}}","created_at":"2026-11-{{night:D2}}T01:00:00Z","content":"{{Convert.ToHexString(RandomNumberGenerator.GetBytes(200))}}"}"""), out _)!)];
            await lake.AddAsync(run, isCommitted: true, ConversationOutcome.Complete, rows, night < 10 ? OlderParts.SchemaVersion : Datasets.SchemaVersion, Cancellation);
        }

        _duck.Execute(ViewScript.For(LakeEngine.DuckDb, new LakeLocation(Lake)));
    }

    private Dictionary<string, long> Opened(string query, string folder) => OpenedFiles.Of(_duck, Lake, query)
        .Where(file => file.Key.StartsWith($"{folder}/", StringComparison.Ordinal)).ToDictionary();
}
