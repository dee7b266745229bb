using KapsoArchive.Benchmarks.Children;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>What DuckDB needs for a night and for a month by the views of a lake of 1,100 nights, beside one file of the same rows.</summary>
internal static class ViewsBenchmark
{
    private const string Name = "views";

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var files = new WorkFolder();
        int nights = options.Short ? 110 : 1_100;
        await ChildProcess.RunAsync("write", "writer=ours", $"messages={options.Messages}", $"out={files.File("rows.parquet")}");
        ChildCost costs = await ChildProcess.RunAsync("views", $"from={files.File("rows.parquet")}", $"folder={files.Path}", $"nights={nights}");
        return
        [
            new Figure(Name, "nights", nights, ""),
            .. ViewsChild.Queries.Keys.SelectMany(query => new[]
            {
                new Figure(Name, $"CPU for {query}, views", costs[$"views {query}"], "s"),
                new Figure(Name, $"CPU for {query}, one file", costs[$"file {query}"], "s"),
                new Figure(Name, $"CPU for {query}, views against one file", costs[$"views {query}"] / costs[$"file {query}"], "×", query.EndsWith("month", StringComparison.Ordinal) ? 1.3 : null),
            }),
        ];
    }
}
