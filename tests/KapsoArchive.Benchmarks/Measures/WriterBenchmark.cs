using KapsoArchive.Benchmarks.Children;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>The same rows to one Parquet file, zstd, by each writer; then DuckDB's time over each file.</summary>
internal static class WriterBenchmark
{
    private const string Name = "writer";

    private static readonly string[] Writers = ["ours", "arrow", "duckdb"];

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var files = new WorkFolder();
        string File(string writer) => files.File($"{writer}.parquet");
        Contender Writer(string writer) => new(writer, _ => ChildProcess.RunAsync("write", $"writer={writer}", $"messages={options.Messages}", $"out={File(writer)}"));
        Dictionary<string, ChildCost> costs = await Rounds.RunAsync(
            options.Rounds,
            Writer("ours"),
            Writer("arrow"),
            new Contender("duckdb", _ => ChildProcess.RunAsync("duckdb-write", $"from={File("ours")}", $"out={File("duckdb")}")),
            Writer("none"));
        ChildCost queries = await ChildProcess.RunAsync("query", [$"writers={string.Join(',', Writers)}", .. Writers.Select(w => $"{w}={File(w)}")]);

        return
        [
            .. Writers.Select(w => new Figure(Name, $"CPU of writing a million rows, {w}", costs[w]["writing"] / options.Messages * 1e6, "s")),
            .. Writers.Append("none").Select(w => new Figure(Name, $"peak memory, {w}", costs[w].Peak / 1e6, "MB")),
            .. Writers.Select(w => new Figure(Name, $"file, {w}", costs[w]["bytes"] / 1e6, "MB")),
            new Figure(Name, "CPU against Arrow C++", costs["ours"]["writing"] / costs["arrow"]["writing"], "×", Alarm: 3),
            new Figure(Name, "CPU against DuckDB", costs["ours"]["writing"] / costs["duckdb"]["writing"], "×"),
            new Figure(Name, "file size against DuckDB's", costs["ours"]["bytes"] / costs["duckdb"]["bytes"], "×", Goal: 1.05, Alarm: 1.6),
            .. QueryChild.Queries.Select(q => new Figure(Name, $"query by {q}, time over DuckDB's file", queries[$"ours {q}"] / queries[$"duckdb {q}"], "×", Goal: 1.2, Alarm: 2.4)),
            .. QueryChild.Queries.Select(q => new Figure(Name, $"query by {q}, time over Arrow's file", queries[$"ours {q}"] / queries[$"arrow {q}"], "×")),
        ];
    }
}
