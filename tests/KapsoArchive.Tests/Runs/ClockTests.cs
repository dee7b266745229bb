using System.Globalization;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>Machines and sources whose clocks are wrong: no message is missed, no time is believed that one clock alone shows, and the run
/// says so.</summary>
public sealed class ClockTests : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);
    private static readonly SandboxOptions World = new() { Conversations = 12, Messages = 240, IncludeSamples = false };
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>Dates that show no time.</summary>
    private static readonly string[] NoDates = ["yesterday", "0", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 99 Foo 2026 25:61:61 GMT"];

    private readonly TemporaryFolder _folder = new();
    private int _inserted;

    public static TheoryData<int> Seeds => Samples.Seeds;

    public static TheoryData<string> DatesThatShowNoTime => [.. NoDates];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_run_a_year_ahead_the_next_night_finds_what_is_new()
    {
        await using DatedSource source = await DatedSource.StartAsync(World, Begin);

        Manifest ahead = await RunAsync(source, Year);
        Night(source);
        Manifest night = await RunAsync(source, TimeSpan.Zero);

        ahead.RunId.ShouldStartWith("2027", customMessage: "the id is made by this machine's clock, before the source is asked");
        ahead.Warnings!.Count.ShouldBe(2);
        ahead.Warnings[0].ShouldBe(
            "This machine's clock shows 2027-11-20 02:00 UTC, and Kapso's 2026-11-20 02:00 UTC: they differ by 365 days. "
            + "The run used 2026-11-20 02:00 UTC as the present time. Check this machine's clock, for example with `date -u`.");
        ahead.StartedAt.ShouldBe(Begin, TimeSpan.FromMinutes(2));
        ahead.FinishedAt.ShouldBe(Begin, TimeSpan.FromMinutes(2));
        ahead.Files.Where(f => f.Path.Contains("snapshot_date=")).ShouldAllBe(f => f.Path.Contains("snapshot_date=2026-11-20"));
        night.Totals.Rows.Added.ShouldBe(_inserted);
        night.Status.ShouldBe("Succeeded");
        Layout.TimeOf(night.RunId).ShouldBe(Layout.TimeOf(ahead.RunId)!.Value.AddSeconds(1), "the smallest id that follows");
        night.Warnings!.ShouldHaveSingleItem().ShouldStartWith($"The id {night.RunId} is 364 days ahead");
        night.StartedAt.ShouldBe(Begin.AddDays(1), TimeSpan.FromMinutes(2));
        await ShouldBeSoundAsync(source);
        TimesOfRows().ShouldAllBe(t => t < Begin.AddDays(2));
    }

    [Fact]
    public async Task A_clock_that_stays_a_year_ahead_or_behind_misses_nothing()
    {
        foreach (TimeSpan off in (TimeSpan[])[Year, -Year])
        {
            await using DatedSource source = await DatedSource.StartAsync(World, Begin);
            string lake = $"{off.TotalDays}";
            await RunAsync(source, off, lake);
            for (int night = 0; night < 3; night++)
            {
                int added = Night(source);
                (await RunAsync(source, off, lake)).Totals.Rows.Added.ShouldBe(added, $"off by {off}, night {night}");
            }

            await ShouldBeSoundAsync(source, lake);
        }
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(-4, false)]
    [InlineData(7, true)]
    [InlineData(-7, true)]
    public async Task A_clock_off_by_more_than_five_minutes_is_a_warning(int minutes, bool warns)
    {
        await using DatedSource source = await DatedSource.StartAsync(World, Begin);

        Manifest first = await RunAsync(source, TimeSpan.FromMinutes(minutes));
        int added = Night(source);
        Manifest night = await RunAsync(source, TimeSpan.FromMinutes(minutes));

        foreach (Manifest manifest in (Manifest[])[first, night])
            (manifest.Warnings?.Any(w => w.Contains("they differ by 7 minutes")) == true).ShouldBe(warns);
        night.Totals.Rows.Added.ShouldBe(added);
        await ShouldBeSoundAsync(source);
    }

    [Theory]
    [MemberData(nameof(DatesThatShowNoTime))]
    public async Task Without_a_date_a_clock_a_year_ahead_misses_nothing(string date)
    {
        await using DatedSource source = await DatedSource.StartAsync(World, Begin);
        source.Date = date;
        await RunAsync(source, TimeSpan.Zero);
        foreach (TimeSpan off in (TimeSpan[])[Year, Year, TimeSpan.Zero])
        {
            int added = Night(source);
            Manifest night = await RunAsync(source, off);
            night.Totals.Rows.Added.ShouldBe(added, $"off by {off}");
            if (off == Year)
                night.Warnings!.ShouldContain(w => w.Contains("Kapso's answers show no time"));
        }

        await ShouldBeSoundAsync(source);
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public async Task A_wrong_source_clock_moves_no_archived_time_into_the_future(int days)
    {
        await using DatedSource source = await DatedSource.StartAsync(World, Begin);
        source.Date = Begin.AddDays(days).ToString("R", CultureInfo.InvariantCulture);
        Manifest first = await RunAsync(source, TimeSpan.Zero);
        int added = Night(source);
        Manifest night = await RunAsync(source, TimeSpan.Zero);

        first.Warnings!.ShouldContain(w => w.Contains("they differ by 365 days"));
        night.Totals.Rows.Added.ShouldBe(added);
        night.StartedAt.ShouldBe(Begin.AddDays(1), TimeSpan.FromMinutes(2));
        await ShouldBeSoundAsync(source);
    }

    [Fact]
    public async Task An_archive_with_its_last_run_in_the_future_is_read_completely_once()
    {
        await using DatedSource source = await DatedSource.StartAsync(World, Begin);
        source.Date = (Begin + Year).ToString("R", CultureInfo.InvariantCulture);
        Manifest future = await RunAsync(source, Year);
        source.Date = null;
        future.StartedAt.Year.ShouldBe(2027, "both clocks agreed");

        foreach (TimeSpan off in (TimeSpan[])[TimeSpan.Zero, Year, TimeSpan.Zero])
        {
            int added = Night(source);
            Manifest night = await RunAsync(source, off);
            night.Totals.Rows.Added.ShouldBe(added, $"off by {off}");
            night.StartedAt.Year.ShouldBe(2026);
        }

        await ShouldBeSoundAsync(source);
    }

    [Fact]
    public async Task Listed_conversations_take_the_right_time_from_the_first_page()
    {
        await using DatedSource source = await DatedSource.StartAsync(World, Begin);
        string[] ids = [.. source.Sandbox.Data.Conversations.Select(c => c.Id)];
        await using var harness = new RunHarness(source.BaseUrl, new FolderStore(_folder.Path), time: new ShiftedTime(source.Time.GetUtcNow() + Year));

        Manifest manifest = await harness.RunAsync(ids);
        Manifest export = await harness.ExportAsync(TimeRange.All, [PartFormat.Csv], Cancellation, ids);

        manifest.Status.ShouldBe("Succeeded");
        manifest.Totals.Rows.Added.ShouldBe(240);
        (manifest.StartedAt, export.StartedAt).ShouldSatisfyAllConditions(t => t.Item1.Year.ShouldBe(2026), t => t.Item2.Year.ShouldBe(2026));
        manifest.Warnings!.ShouldContain(w => w.Contains("they differ by 365 days"));
        TimesOfRows().ShouldAllBe(t => t < Begin.AddDays(1));
        export.Totals.Rows.Added.ShouldBe(240);
        await ShouldBeSoundAsync(source);
    }

    [Fact]
    public async Task A_removal_waits_its_grace_even_if_the_clock_jumps()
    {
        await using DatedSource source = await DatedSource.StartAsync(World, Begin);
        MovingListing listing = source.Sandbox.Listings.Moving(source.Sandbox.Data.Conversations[0].Id);
        await RunAsync(source, TimeSpan.Zero);
        listing.Delete(listing.At(3).Id).ShouldBeTrue();

        List<long> removed = [];
        foreach (TimeSpan off in (TimeSpan[])[TimeSpan.Zero, Year, -Year, TimeSpan.Zero])
        {
            source.Time.Advance(TimeSpan.FromHours(20));
            removed.Add((await RunAsync(source, off, full: true)).Totals.Rows.Removed);
        }

        removed.ShouldBe([0L, 0L, 0L, 0L], "three days have not passed");
        source.Time.Advance(TimeSpan.FromDays(1));
        (await RunAsync(source, TimeSpan.Zero, full: true)).Totals.Rows.Removed.ShouldBe(1);
    }

    [Fact]
    public async Task A_clock_in_the_year_9999_is_refused_with_a_message()
    {
        await using DatedSource source = await DatedSource.StartAsync(World, Begin);
        await using var harness = new RunHarness(source.BaseUrl, new FolderStore(_folder.Path), time: new ShiftedTime(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        SettingException refusal = await Should.ThrowAsync<SettingException>(() => harness.RunAsync());

        refusal.Message.ShouldBe("This machine's clock shows 9999-01-01 00:00 UTC, which is too late for a run id. Set the clock and run again.");
        source.Sandbox.RequestCount.ShouldBe(0);
    }

    /// <summary>One clock is wrong each night: this machine's, or the source's, or the source shows none. What came since the last night is
    /// archived that night.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Nights_with_wrong_clocks_archive_everything_the_same_night(int seed)
    {
        var random = new Random(seed);
        for (int world = 0; world < Samples.Count(2, 60); world++)
        {
            await using DatedSource source = await DatedSource.StartAsync(World, Begin);
            string lake = $"{seed}-{world}";
            List<string> story = [];
            for (int night = 0; night < 8; night++)
            {
                int added = night == 0 ? 240 : Night(source, TimeSpan.FromHours(random.Next(1, 24 * 20)));
                TimeSpan off = TimeSpan.FromMinutes(random.Next(3) == 0 ? 0 : random.Next(-600_000, 600_000) / Math.Pow(10, random.Next(0, 5)));
                source.IsCached = false;
                (TimeSpan machine, source.Date) = random.Next(4) switch
                {
                    0 => (TimeSpan.Zero, (source.Time.GetUtcNow() + off).ToString("R", CultureInfo.InvariantCulture)),
                    1 => (off, NoDates[random.Next(NoDates.Length)]),
                    _ => (off, null),
                };
                source.IsCached = random.Next(5) == 0;
                story.Add($"{source.Time.GetUtcNow():u}: machine off by {machine}, date {source.Date ?? "right"}{(source.IsCached ? ", cached" : "")}");

                Manifest manifest = await RunAsync(source, machine, lake);

                manifest.Totals.Rows.Added.ShouldBe(added, $"seed {seed}, world {world}:\n{string.Join('\n', story)}");
            }

            await ShouldBeSoundAsync(source, lake);
        }
    }

    private async Task<Manifest> RunAsync(DatedSource source, TimeSpan off, string lake = "lake", bool full = false)
    {
        await using var harness = new RunHarness(source.BaseUrl, new FolderStore(_folder.File(lake)), time: new ShiftedTime(source.Time.GetUtcNow() + off));
        return await harness.RunAsync(full, Cancellation);
    }

    /// <summary>A day passes, or another while, in which a few messages come.</summary>
    private int Night(DatedSource source, TimeSpan? passes = null)
    {
        DateTimeOffset before = source.Time.GetUtcNow();
        source.Time.Advance(passes ?? TimeSpan.FromDays(1));
        for (int i = 0; i < 3; i++)
            source.Sandbox.Listings.Moving(source.Sandbox.Data.Conversations[(_inserted + (i * 5)) % 12].Id).InsertCreatedAt(before + ((source.Time.GetUtcNow() - before) * (i + 1) / 5));
        _inserted += 3;
        return 3;
    }

    private IEnumerable<DateTimeOffset> TimesOfRows(string lake = "lake")
    {
        string folder = Directory.Exists(_folder.File(lake)) ? _folder.File(lake) : _folder.Path;
        using var duck = new DuckDb();
        return [.. duck.Rows($"SELECT DISTINCT epoch(archived_at) FROM read_parquet('{folder}/messages/*/*.parquet')").Select(r => DateTimeOffset.UnixEpoch.AddSeconds(Convert.ToDouble(r[0], CultureInfo.InvariantCulture)))];
    }

    private async Task ShouldBeSoundAsync(DatedSource source, string lake = "lake")
    {
        string folder = Directory.Exists(_folder.File(lake)) ? _folder.File(lake) : _folder.Path;
        VerificationReport report = await new ArchiveVerification(new FolderStore(folder), source.Time).VerifyAsync(
            new VerificationRequest(RunId: null, RebuildIndex: false), new VerificationTracker(), Cancellation);
        report.Findings.ShouldBeEmpty();
    }
}
