using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>Runs the benchmarks that were asked for and reports what they found.</summary>
internal static class BenchmarkProgram
{
    private const int Failed = 1;
    private const int BadUsage = 2;

    private static readonly List<(string Name, Func<BenchmarkOptions, Task<IReadOnlyList<Figure>>> Run)> Benchmarks =
    [
        ("pipeline", PipelineBenchmark.RunAsync),
        ("writer", WriterBenchmark.RunAsync),
        ("views", ViewsBenchmark.RunAsync),
        ("years", YearsBenchmark.RunAsync),
        ("search", SearchBenchmark.RunAsync),
        ("memory", MemoryBenchmark.RunAsync),
        ("requests", RequestsBenchmark.RunAsync),
        ("budget", BudgetBenchmark.RunAsync),
        ("nightly", NightlyBenchmark.RunAsync),
        ("blob", BlobBenchmark.RunAsync),
        ("latency", LatencyBenchmark.RunAsync),
        ("media", MediaBenchmark.RunAsync),
        ("export", ExportBenchmark.RunAsync),
        ("start", StartBenchmark.RunAsync),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        BenchmarkOptions options;
        try
        {
            options = BenchmarkOptions.Parse(args);
            if (!Benchmarks.Exists(b => options.Asks(b.Name)))
                throw new FormatException($"There is no benchmark {options.Name}; there are all, check, {string.Join(", ", Benchmarks.Select(b => b.Name))}.");
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return BadUsage;
        }

        using var published = new WorkFolder();
        if (!options.AsBuilt)
        {
            await Console.Error.WriteLineAsync("compiling ahead");
            await CompiledAhead.PublishAsync(published.Path);
        }

        List<Figure> figures = [];
        foreach ((string name, Func<BenchmarkOptions, Task<IReadOnlyList<Figure>>> run) in Benchmarks.Where(b => options.Asks(b.Name)))
        {
            await Console.Error.WriteLineAsync(name);
            figures.AddRange(await run(options));
        }

        await FigureTable.PrintAsync(figures, Console.Out);
        if (options.Json is not null)
            await File.WriteAllTextAsync(options.Json, FigureJson.Of(figures, options));
        if (options is { Name: "all", Short: false })
            await ResultsFile.WriteAsync(figures, options);
        List<Figure> regressions = options.Check ? [.. figures.Where(f => f.Value > f.Alarm)] : [];
        foreach (Figure figure in regressions)
            await Console.Error.WriteLineAsync($"{figure.Benchmark}: {figure.Measure} is {figure.Text}, and more than {figure.Alarm:0.00} is a regression.");
        return regressions.Count == 0 ? 0 : Failed;
    }
}
