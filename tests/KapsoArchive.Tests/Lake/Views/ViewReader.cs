using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>Reads a lake through the views that <c>kapso-archive views</c> prints for DuckDB, and compares what each shows with the
/// manifests.</summary>
internal sealed class ViewReader : IDisposable
{
    /// <summary>Those of which every run has its own rows.</summary>
    private static readonly Dictionary<string, Func<CommittedRun, long>> Logs = new()
    {
        ["messages"] = run => run.Messages,
        ["message_history"] = run => run.Messages,
        ["conversations"] = run => run.Conversations,
        ["committed_files"] = run => run.Files,
        ["committed_runs"] = run => 1,
    };

    private readonly DuckDb _duck = new();
    private readonly string _lake;

    private ViewReader(string lake)
    {
        _lake = lake;
    }

    public static IReadOnlyList<string> Views { get; } = [.. Logs.Keys, "messages_current", "conversations_current"];

    public DuckDb Duck => _duck;

    public static async Task<ViewReader> OpenAsync(string lake)
    {
        CliResult views = await CliProcess.RunAsync(lake, [], "views", "--engine", "duckdb", "--out", lake);
        views.ExitCode.ShouldBe(0, views.Error);
        var reader = new ViewReader(lake);
        reader._duck.Execute(views.Output);
        return reader;
    }

    /// <summary>Queries every view once.</summary>
    /// <returns>What one showed that is not the state after a committed run: the newest when its query began, or a later one.</returns>
    public IReadOnlyList<string> FindFaults() => [.. Views.Select(FaultOf).OfType<string>()];

    public string? FaultOf(string view)
    {
        int known = CommittedRun.ReadAll(_lake).Count;
        Dictionary<string, long> shown = _duck.Rows($"SELECT run_id, count(*) FROM {view} GROUP BY run_id").ToDictionary(r => (string)r[0]!, r => (long)r[1]!);
        IReadOnlyList<CommittedRun> runs = CommittedRun.ReadAll(_lake);
        for (int seen = known; seen <= runs.Count; seen++)
        {
            if (IsState(view, shown, [.. runs.Take(seen)]))
                return null;
        }

        return $"{view} shows {string.Join(", ", shown.OrderBy(r => r.Key).TakeLast(3).Select(r => $"{r.Key}: {r.Value}"))} ({shown.Values.Sum()} in all) "
            + $"after {known} to {runs.Count} runs, the last {runs[^1]}";
    }

    public void Dispose() => _duck.Dispose();

    /// <summary>Whether a view shows exactly these runs.</summary>
    private static bool IsState(string view, Dictionary<string, long> shown, IReadOnlyList<CommittedRun> runs)
    {
        if (shown.Keys.Except(runs.Select(r => r.RunId)).Any())
            return false;
        long Of(CommittedRun run) => shown.GetValueOrDefault(run.RunId);
        if (Logs.TryGetValue(view, out Func<CommittedRun, long>? expected))
            return runs.All(run => Of(run) == expected(run));
        return view == "messages_current"
            ? Of(runs[^1]) == runs[^1].Written && shown.Values.Sum() == runs[^1].Total
            : Of(runs[^1]) == runs[^1].Conversations;
    }
}
