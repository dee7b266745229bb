using System.Diagnostics;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Tests.Functions;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>How long a caller waits for a function app without a worker: from the start of its worker to the first answer over HTTP, beside that of a worker with one empty function.</summary>
internal static class StartBenchmark
{
    private const string Name = "start";
    private const int Starts = 5;

    private static readonly PublishedProject Empty = new("empty", "tests/KapsoArchive.EmptyFunction");

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        string app = await PublishedApp.FolderAsync(CancellationToken.None);
        string empty = await Empty.FolderAsync(CancellationToken.None);
        await using Azurite azurite = await Azurite.StartAsync();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
            ["ArchiveSchedule"] = "0 0 2 * * *",
            ["Kapso__ApiKey"] = "sandbox-key",
            ["Archive__Conversations"] = "all",
            ["Archive__ConnectionString"] = azurite.ConnectionString,
            ["Archive__Container"] = "start",
        };
        while (await AnswerAsync(app, "/api/runs", settings) is not { IsSuccess: true })
        {
            // The first worker of an account makes its containers. And the stand-in itself starts once.
        }

        List<double> ours = [];
        List<double> store = [];
        List<double> least = [];
        for (int start = 0; start < Starts * options.Rounds; start++)
        {
            ours.Add(await SecondsAsync(app, "/api/health/live", settings));
            least.Add(await SecondsAsync(empty, "/api/empty", settings));
            store.Add(await SecondsAsync(app, "/api/runs", settings));
        }

        double one = Median.Of(least);
        return
        [
            new Figure(Name, "first answer of a cold worker, ours", Median.Of(ours), "s"),
            new Figure(Name, "first answer of a cold worker, ours, from the store", Median.Of(store), "s"),
            new Figure(Name, "first answer of a cold worker, one empty function", one, "s"),
            new Figure(Name, "first answer against that of one empty function", Median.Of(ours) / one, "×", Goal: 2.5, Alarm: 2.5),
            new Figure(Name, "first answer from the store against that of one empty function", Median.Of(store) / one, "×", Goal: 2.5, Alarm: 2.5),
        ];
    }

    private static async Task<double> SecondsAsync(string app, string address, Dictionary<string, string> settings) =>
        await AnswerAsync(app, address, settings) is (true, var seconds) ? seconds : throw new InvalidOperationException($"{address} answered with an error.");

    /// <returns>How the first request ended, and the seconds from the start of the worker to its answer.</returns>
    private static async Task<(bool IsSuccess, double Seconds)> AnswerAsync(string app, string address, Dictionary<string, string> settings)
    {
        using var home = new WorkFolder();
        long began = Stopwatch.GetTimestamp();
        await using StandInHost host = await StandInHost.StartAsync(
            new HostOptions { Folder = app, Settings = settings, Home = home.Path, ListensToQueues = false, FiresStartupTimers = false }, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = host.Url };
        http.DefaultRequestHeaders.Add("x-functions-key", host.FunctionKey);
        using HttpResponseMessage answer = await http.GetAsync(new Uri(address, UriKind.Relative));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return (answer.IsSuccessStatusCode, seconds);
    }
}
