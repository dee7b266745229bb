using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Upgrades;

/// <summary>
/// A copy of what an older program left, the sandbox it was read from, and the present program: what a test needs to go on with it.
/// Opened, it is the night on which the fixture was left, a few hours later, and the sandbox has not moved since.
/// </summary>
internal sealed class FixtureArchive : IAsyncDisposable
{
    /// <summary>Three nights and two exports, at rest.</summary>
    public const string AtRest = "archive";

    /// <summary>The same, and a fourth night that was killed while it read: one checkpoint, one conversation paused in the
    /// middle.</summary>
    public const string HalfFinished = "half-finished";

    /// <summary>The same, and a fourth night that was killed while it revealed its files.</summary>
    public const string HalfPublished = "half-published";

    /// <summary>The same, and a fourth night that was killed between its manifest and <c>latest.json</c>.</summary>
    public const string HalfCommitted = "half-committed";

    private static readonly TimeSpan Later = TimeSpan.FromHours(4);

    private readonly TemporaryFolder _folder = new();

    private FixtureArchive(FixtureWorld world)
    {
        World = world;
        Time = new ShiftedTime(world.Now + Later);
        Store = new FolderStore(_folder.Path, Time);
    }

    public FixtureWorld World { get; }

    public ShiftedTime Time { get; }

    public IStore Store { get; }

    public string Folder => _folder.Path;

    /// <summary>Settings of the runs to come, such as <c>Archive:Lookback</c>.</summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>The ids of the exports.</summary>
    public IReadOnlyList<string> Exports => [.. Directory.GetDirectories(_folder.File("exports")).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FixtureArchive> OpenAsync(string name)
    {
        var fixture = new FixtureArchive(await FixtureWorld.StartAsync(night: name == AtRest ? 3 : 4, url: null, Cancellation));
        Copy(Repository.File("tests", "KapsoArchive.Tests", "Fixtures", "schema2", AtRest), fixture.Folder);
        if (name != AtRest)
            Copy(Repository.File("tests", "KapsoArchive.Tests", "Fixtures", "schema2", name), fixture.Folder);
        return fixture;
    }

    /// <summary>A day passes, and the sandbox moves.</summary>
    public void NextNight()
    {
        World.NextNight();
        Time.Advance(TimeSpan.FromDays(1));
    }

    /// <summary>The present program, set up for both.</summary>
    public RunHarness Harness() => new(World.Api, Store, time: Time, settings: Settings);

    /// <summary>Finishes what was left, and archives the conversations, or all where none is named.</summary>
    /// <returns>The runs that were finished or made, in order, and the requests that all of it took.</returns>
    public async Task<(IReadOnlyList<Manifest> Runs, long Requests)> RunAsync(params string[] conversations)
    {
        long before = World.Requests;
        await using RunHarness harness = Harness();
        Manifest manifest = await harness.RunAsync(conversations);
        return ([.. harness.Tracker.Resumed, manifest], World.Requests - before);
    }

    /// <summary>What it takes to read all that is listed now into an empty folder.</summary>
    public async Task<long> RequestsOfFullReadAsync()
    {
        using var empty = new TemporaryFolder();
        long before = World.Requests;
        await using var harness = new RunHarness(World.Api, new FolderStore(empty.Path, Time), time: Time);
        (await harness.RunAsync()).Status.ShouldBe("Succeeded");
        return World.Requests - before;
    }

    /// <summary><c>kapso-archive verify</c> finds nothing wrong with the archive, and with each export.</summary>
    public async Task ShouldBeSoundAsync(string when)
    {
        await VerifyAsync(when);
        foreach (string export in Exports)
            await VerifyAsync($"{when}: {export}", "--export", export);
    }

    /// <summary><c>messages_current</c> holds the messages that the sandbox lists, each with its present status.</summary>
    public async Task ShouldHoldTheListingAsync(string when)
    {
        using DuckDb duck = await DuckAsync();
        string[] listed = [.. World.Listed().Select(m => $"{m.Conversation} {m.Id} {StatusOf(m.Record)}").Order(StringComparer.Ordinal)];
        string[] current = [.. duck.Rows("SELECT concat_ws(' ', conversation_id, id, coalesce(status, '')) FROM messages_current").Select(r => (string)r[0]!).Order(StringComparer.Ordinal)];
        current.Except(listed).ShouldBeEmpty($"{when}: not listed so");
        listed.Except(current).ShouldBeEmpty($"{when}: not archived so");
        current.Length.ShouldBe(listed.Length, $"{when}: twice");
    }

    /// <summary>A DuckDB with the views that <c>kapso-archive views</c> makes.</summary>
    public async Task<DuckDb> DuckAsync()
    {
        CliResult views = await CliProcess.RunAsync(Folder, [], "views", "--engine", "duckdb", "--out", Folder);
        views.ExitCode.ShouldBe(0, views.Error);
        var duck = new DuckDb();
        duck.Execute(views.Output);
        return duck;
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        _folder.Dispose();
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    private static string StatusOf(ReadOnlyMemory<byte> record)
    {
        using var document = JsonDocument.Parse(record);
        return document.RootElement.TryGetProperty("status"u8, out JsonElement status) && status.ValueKind == JsonValueKind.String ? status.GetString()! : "";
    }

    private async Task VerifyAsync(string when, params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(Folder, [], ["verify", "--out", Folder, .. arguments]);
        result.ExitCode.ShouldBe(0, $"{when}: {result.Output}{result.Error}");
        result.Output.ShouldContain("is sound.", customMessage: when);
    }
}
