using KapsoArchive.Core;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Tests.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Runs;

/// <summary>The real parts, put together as the program does, against one API and one store.</summary>
internal sealed class RunHarness : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    public RunHarness(
        Uri api, IStore store, RunLimits? limits = null, string key = "sandbox-key", int retries = 0, string attemptTimeout = "00:00:30", TimeProvider? time = null,
        ILoggerProvider? logs = null, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(LastOfEach(
        [
            new("Kapso:ApiKey", key),
            new("Kapso:BaseUrl", api.ToString()),
            new("Kapso:MaxRetries", retries.ToString()),
            new("Kapso:RetryDelay", "00:00:00"),
            new("Kapso:AttemptTimeout", attemptTimeout),
            new("Archive:Media", "none"), // The links of most tests lead nowhere.
            .. settings,
        ])).Build();
        _provider = new ServiceCollection()
            .AddLogging(logging =>
            {
                if (logs is not null)
                    logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
            })
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton(limits ?? new RunLimits())
            .AddKapso(configuration)
            .AddRuns(configuration)
            .AddSingleton(store)
            .AddSingleton<IWaker>(Wakes)
            .BuildServiceProvider();
    }

    public RunTracker Tracker { get; } = new();

    public ExportDesk Exports => _provider.GetRequiredService<ExportDesk>();

    public NightlyDesk Nightly => _provider.GetRequiredService<NightlyDesk>();

    public RunWorker Worker => _provider.GetRequiredService<RunWorker>();

    /// <summary>What woke the worker. The test delivers it.</summary>
    public RecordingQueue Wakes { get; } = new();

    public int InFlight => _provider.GetRequiredService<RateBudget>().State.InFlight;

    public Task<Manifest> RunAsync(params string[] conversations) => RunAsync(TestContext.Current.CancellationToken, conversations);

    public Task<Manifest> RunAsync(CancellationToken cancellationToken, params string[] conversations) => RunAsync(full: false, cancellationToken, conversations);

    public Task<Manifest> RunAsync(bool full, CancellationToken cancellationToken, params string[] conversations) =>
        _provider.GetRequiredService<RunExecutor>().ExecuteAsync(
            new RunRequest
            {
                Conversations = conversations.Length == 0 ? ConversationSelection.All : ConversationSelection.Listed(conversations.Select(c => (c, "test")), "test"),
                Formats = [PartFormat.Parquet, PartFormat.Jsonl],
                Trigger = "cli",
                Full = full,
            },
            Tracker,
            cancellationToken);

    public Task<Manifest> RunAsync(RunRequest request) =>
        _provider.GetRequiredService<RunExecutor>().ExecuteAsync(request, Tracker, TestContext.Current.CancellationToken);

    public Task<Manifest> ExportAsync(RunRequest request) =>
        _provider.GetRequiredService<RunExecutor>().ExportAsync(request, Tracker, TestContext.Current.CancellationToken);

    public Task<Manifest> ExportAsync(TimeRange range, IReadOnlyList<PartFormat> formats, CancellationToken cancellationToken, params string[] conversations) =>
        _provider.GetRequiredService<RunExecutor>().ExportAsync(
            new RunRequest
            {
                Conversations = conversations.Length == 0 ? ConversationSelection.All : ConversationSelection.Listed(conversations.Select(c => (c, "test")), "test"),
                Formats = formats,
                Trigger = "cli",
                Range = range,
            },
            Tracker,
            cancellationToken);

    /// <summary>The settings; of those with the same name, the last.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> LastOfEach(IEnumerable<KeyValuePair<string, string?>> settings) =>
        settings.GroupBy(s => s.Key, StringComparer.OrdinalIgnoreCase).Select(g => g.Last());

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
