using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>What people wrote to each other, their numbers, their media and the key are in no log, trace or metric, however much is listened to and whatever goes wrong.</summary>
public sealed class SecrecyTests : IDisposable
{
    private const string Key = "kapso-key-0c7e55d1f2";
    private const string WrongKey = "kapso-key-that-nobody-knows";
    private const string Unknown = "00000000-0000-4000-8000-000000000000";

    private static readonly SandboxOptions World = new()
    {
        ApiKey = Key,
        Conversations = 12,
        Messages = 1_500,
        MalformedShare = 0.02,
        Faults = new SandboxFaults { InternalError = 0.05, BadGateway = 0.05, Html = 0.05, Truncated = 0.05, Reset = 0.05, ThrottleStorm = 0.02, RetryAfterSeconds = 0 },
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ShiftedTime _time = new(new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero));
    private readonly EverythingTold _told = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _told.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_nights_an_export_and_a_refused_key_reveal_no_secret()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        await using RunHarness harness = Harness(sandbox, Key);
        Manifest night = await harness.RunAsync();
        await harness.RunAsync(Unknown, sandbox.Data.Conversations[0].Id);
        _time.Advance(TimeSpan.FromDays(1));
        sandbox.Listings.Moving(sandbox.Data.Conversations[1].Id).InsertNewest();
        await harness.RunAsync();
        await CarryOutAsync(harness);
        await using RunHarness refused = Harness(sandbox, WrongKey);
        await CarryOutAsync(refused);

        var secrets = Secrets.Of(_folder.Path, Key, WrongKey);
        (night.Totals.Rows.Added, night.Totals.Retries).ShouldSatisfyAllConditions(t => t.Added.ShouldBeGreaterThan(1_000), t => t.Retries.ShouldBeGreaterThan(0));
        secrets.Count.ShouldBeGreaterThan(1_000);
        ((string[])[
            "KapsoArchive: run", "KapsoArchive: conversation", "KapsoArchive: sweep", "KapsoArchive: part", "System.Net.Http: GET",
            "KapsoArchive: kapso_archive.requests", "KapsoArchive: kapso_archive.messages", "System.Net.Http: http.client.request.duration",
            "KapsoArchive.Core.Runs.RunExecutor", "KapsoArchive.Core.Dispatch.RunWorker", "Polly",
        ]).ShouldBeSubsetOf(_told.Origins);
        secrets.FoundIn(_told.Texts).ShouldBeEmpty();
    }

    /// <summary>A search that cannot find anything finds nothing.</summary>
    [Theory]
    [InlineData("log")]
    [InlineData("scope")]
    [InlineData("span")]
    [InlineData("measurement")]
    public async Task A_revealed_secret_is_found(string where)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World with { Faults = SandboxFaults.None }, cancellationToken: Cancellation);
        await using RunHarness harness = Harness(sandbox, Key);
        await harness.RunAsync();
        var secrets = Secrets.Of(_folder.Path, Key);
        using var duck = new DuckDb();
        string number = (string)duck.Rows($"SELECT phone_number FROM read_parquet('{_folder.Path}/messages/*/*.parquet') WHERE length(phone_number) > 8 LIMIT 1")[0][0]!;
        using var source = new System.Diagnostics.ActivitySource("careless");
        using var meter = new System.Diagnostics.Metrics.Meter("careless");

        switch (where)
        {
            case "log":
                _told.CreateLogger("careless").Log(LogLevel.Trace, default, number, null, (state, _) => state);
                break;
            case "scope":
                _told.CreateLogger("careless").BeginScope(new Dictionary<string, object?> { ["caller"] = number });
                break;
            case "span":
                source.StartActivity("call")!.SetTag("caller", number).Dispose();
                break;
            default:
                meter.CreateCounter<long>("calls").Add(1, new KeyValuePair<string, object?>("caller", number));
                break;
        }

        secrets.FoundIn(_told.Texts).ShouldHaveSingleItem().ShouldContain("careless");
    }

    private static async Task CarryOutAsync(RunHarness harness)
    {
        var request = new RunRequest { Conversations = ConversationSelection.All, Formats = [PartFormat.Parquet, PartFormat.Csv], Trigger = "http" };
        ProgressDocument export = await harness.Exports.CreateAsync(request, operationId: null, Cancellation);
        await harness.Worker.HandleAsync(new RunMessage(export.RunId, RunKind.Export), Cancellation);
    }

    private RunHarness Harness(SandboxServer sandbox, string key) => new(sandbox.BaseUrl, new FolderStore(_folder.Path), key: key, retries: 20, time: _time, logs: _told);
}
