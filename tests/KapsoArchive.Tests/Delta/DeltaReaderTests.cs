using System.Text.Json;
using System.Text.RegularExpressions;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Inspection.Verification;
using KapsoArchive.Tests.Lake.Views;
using KapsoArchive.Tests.Readers;
using KapsoArchive.Tests.Runs;
using KapsoArchive.Tests.Upgrades;

namespace KapsoArchive.Tests.Delta;

/// <summary>The Delta tables as two readers see them that share no code with the writer, nor with each other.</summary>
public sealed partial class DeltaReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FolderStore Store => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Both_readers_and_the_views_agree_on_every_row()
    {
        await MovedArchive.OfThreeRunsAsync(Store);

        await ShouldAgreeAsync(_folder.Path);
    }

    /// <summary>An older program's lake has parts of schema version 2, without later columns, and no log.</summary>
    [Theory]
    [InlineData(FixtureArchive.AtRest)]
    [InlineData(FixtureArchive.HalfPublished)]
    [InlineData(FixtureArchive.HalfCommitted)]
    public async Task A_lake_of_an_older_program_gets_its_log(string name)
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(name);
        await fixture.ShouldBeSoundAsync("without a log");
        (await VerificationContract.VerifyAsync(fixture.Store)).Remarks.ShouldContain("The Delta table messages does not exist yet: the next run makes it.");
        if (name == FixtureArchive.AtRest)
            fixture.NextNight();

        await fixture.RunAsync();

        await fixture.ShouldBeSoundAsync("with its log");
        LogFiles log = new(fixture.Folder, "messages");
        log.Commits.Count.ShouldBe(Directory.GetFiles(Path.Combine(fixture.Folder, "_manifests")).Length);
        log.Commits.Select((_, version) => log.Read(version).Count(a => a.Key == "metaData")).Sum().ShouldBe(2, "one for each schema version");
        await ShouldAgreeAsync(fixture.Folder, hasGrown: true);
    }

    /// <summary>A part that is gone: its commit has what the manifest says of it, and both readers get as far as they can.</summary>
    [Fact]
    public async Task An_old_archive_that_lacks_a_part_gets_its_log_without_that_parts_statistics()
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(FixtureArchive.AtRest);
        string part = Directory.GetFiles(Path.Combine(fixture.Folder, "messages"), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        byte[] bytes = await File.ReadAllBytesAsync(part, Cancellation);
        File.Delete(part);
        fixture.NextNight();
        await fixture.RunAsync();

        JsonElement add = JsonElement.Parse(new LogFiles(fixture.Folder, "messages").Read(0).Single(a => a.Key == "add").Value.ToJsonString());
        add.GetProperty("tags").GetProperty("statistics_from_manifest").GetString().ShouldBe("true");
        JsonElement.Parse(add.GetProperty("stats").GetString()!).GetProperty("minValues").EnumerateObject().Select(m => m.Name).ShouldBe(["archived_at", "created_at", "run_id"]);
        (await VerificationContract.VerifyAsync(fixture.Store)).Findings.ShouldHaveSingleItem().Problem.ShouldContain("is missing");

        await File.WriteAllBytesAsync(part, bytes, Cancellation);
        await fixture.ShouldBeSoundAsync("with the part");
        await ShouldAgreeAsync(fixture.Folder, hasGrown: true);
    }

    [Fact]
    public async Task After_1100_commits_a_reader_needs_101_files_at_most()
    {
        const int Runs = 1_100;
        long rows = await ManyRuns.MakeAsync(_folder.Path, Runs);
        LogFiles log = new(_folder.Path, "messages");
        log.Commits.Count.ShouldBe(Runs);
        log.Names.Except(log.Commits).ShouldBe(Enumerable.Range(1, 10).Select(n => $"{n * 100:D20}.checkpoint.parquet"));
        for (int version = 0; version <= 1000; version++)
            File.Delete(log.CommitOf(version)); // What a reader does not need: the proof that it does not.
        for (int version = 100; version < 1000; version += 100)
            File.Delete(log.CheckpointOf(version));
        log.Names.Count.ShouldBeLessThanOrEqualTo(101);
        await using ClickHouse clickHouse = await ClickHouse.StartAsync(Cancellation);
        // ClickHouse's own reader finds a checkpoint by _last_checkpoint alone, which would have to be replaced: it reads every commit.
        JsonElement all = (await clickHouse.ReadDeltaAsync(_folder.File("messages"), DeltaReader.Kernel, Cancellation, "count() AS n, uniqExact(_path) AS files")).Single();
        (all.GetProperty("n").GetInt64(), all.GetProperty("files").GetInt64()).ShouldBe((rows * Runs, Runs));
    }

    /// <summary>Goes round every table by both readers, without a pause, while runs are published.</summary>
    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public async Task A_reader_that_loops_over_the_tables_sees_whole_runs_only(int seed)
    {
        var random = new Random(seed);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 600, IncludeSamples = false, Seed = 16 }, cancellationToken: Cancellation);
        MovingListing listing = sandbox.Listings.Moving(sandbox.Data.Conversations[0].Id);
        await using var harness = new RunHarness(
            sandbox.BaseUrl, SteppedStore.Of(Store, _ => Task.Delay(random.Next(3), Cancellation)), new RunLimits { RowGroupRows = 25, PartRows = 25 });
        await harness.RunAsync();
        using var ended = new CancellationTokenSource();
        await using ClickHouse clickHouse = await ClickHouse.StartAsync(Cancellation);
        int looks = 0;
        Task<List<string>> reading = Task.Run(() => LoopAsync(), Cancellation);

        for (int publication = 1; publication <= Samples.Count(6, 50) || looks < 12; publication++)
        {
            for (int i = 0; i < 90; i++)
                listing.InsertNewest();
            await harness.RunAsync();
        }

        await ended.CancelAsync();
        (await reading).ShouldBeEmpty($"seed {seed}");
        await ShouldAgreeAsync(_folder.Path);

        async Task<List<string>> LoopAsync()
        {
            List<string> faults = [];
            while (!ended.IsCancellationRequested)
            {
                foreach ((string table, DeltaReader reader) in from t in (string[])["messages", "conversations"] from r in Enum.GetValues<DeltaReader>() select (t, r))
                {
                    int known = Committed(table).Count;
                    Dictionary<string, long> shown = (await clickHouse.ReadDeltaAsync(_folder.File(table), reader, Cancellation, "run_id, count() AS n", "true GROUP BY run_id"))
                        .ToDictionary(r => r.GetProperty("run_id").GetString()!, r => r.GetProperty("n").GetInt64());
                    IReadOnlyList<(string RunId, long Rows)> runs = Committed(table);
                    looks++;
                    // The commit follows the manifest, so the newest run may come a moment later.
                    if (!Enumerable.Range(Math.Max(1, known - 1), runs.Count - Math.Max(1, known - 1) + 1).Any(seen => runs.Take(seen).Where(r => r.Rows > 0).ToDictionary().OrderBy(r => r.Key).SequenceEqual(shown.OrderBy(r => r.Key))))
                        faults.Add($"{table} by {reader} shows {string.Join(", ", shown.OrderBy(r => r.Key).TakeLast(3))} after {known} to {runs.Count} runs, the last {runs[^1]}");
                }
            }

            return faults;
        }
    }

    private IReadOnlyList<(string RunId, long Rows)> Committed(string table) =>
        [.. Directory.GetFiles(_folder.File("_manifests"), "*.json").Order(StringComparer.Ordinal).Select(f => Manifest.FromJson(File.ReadAllBytes(f)))
            .Select(m => (m.RunId, m.Files.Where(f => f.Dataset == table).Sum(f => f.Rows)))];

    /// <summary>Every row of every table, column by column.</summary>
    /// <param name="hasGrown">Whether the tables have got columns: ClickHouse's own reader refuses those.</param>
    private static async Task ShouldAgreeAsync(string lake, bool hasGrown = false)
    {
        using ViewReader views = await ViewReader.OpenAsync(lake);
        await using ClickHouse clickHouse = await ClickHouse.StartAsync(Cancellation);
        await CompareAsync(Datasets.Messages);
        await CompareAsync(Datasets.Conversations);

        async Task CompareAsync<TRow>(Dataset<TRow> dataset)
        {
            string[] columns = [.. dataset.Columns.Select(c => c.Name)];
            string[] times = [.. dataset.Columns.OfType<TimestampColumn<TRow>>().Select(c => c.Name)];
            string[] expected = [.. views.Duck.Rows($"SELECT {Select("epoch_us")} FROM {dataset.Name}").Select(row => JsonSerializer.Serialize(row)).Order(StringComparer.Ordinal)];
            expected.ShouldNotBeEmpty();
            foreach (DeltaReader reader in Enum.GetValues<DeltaReader>())
            {
                if (hasGrown && reader == DeltaReader.ClickHouse)
                {
                    (await Should.ThrowAsync<InvalidDataException>(clickHouse.ReadDeltaAsync(Path.Combine(lake, dataset.Name), reader, Cancellation)))
                        .Message.ShouldContain("Reading from files with different schema is not possible");
                    continue;
                }

                IReadOnlyList<JsonElement> rows = await clickHouse.ReadDeltaAsync(Path.Combine(lake, dataset.Name), reader, Cancellation, Select("toUnixTimestamp64Micro"));
                string[] seen = [.. rows.Select(row => Repaired(JsonSerializer.Serialize(columns.Select(c => row.GetProperty(times.Contains(c) ? $"{c}_us" : c))))).Order(StringComparer.Ordinal)];
                seen.Except(expected).Take(2).ShouldBeEmpty($"{dataset.Name} by {reader}");
                expected.Except(seen).Take(2).ShouldBeEmpty($"{dataset.Name} by {reader}");
                seen.Length.ShouldBe(expected.Length, $"{dataset.Name} by {reader}");
            }

            // What the views do to parts that predate the repair of records.
            static string Repaired(string row) => HalfPair().Replace(row, "");

            string Select(string micros) => string.Join(", ", columns.Select(c => times.Contains(c) ? $"{micros}({c}) AS {c}_us" : c));
        }
    }

    [GeneratedRegex(@"\\\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\\\u[dD][c-fC-F])")]
    private static partial Regex HalfPair();
}
