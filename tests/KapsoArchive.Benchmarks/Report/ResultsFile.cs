using System.Text;
using KapsoArchive.Benchmarks.Measures;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Benchmarks.Report;

/// <summary>Writes <c>RESULTS.md</c>.</summary>
internal static class ResultsFile
{
    public static async Task WriteAsync(IReadOnlyList<Figure> figures, BenchmarkOptions options)
    {
        var text = new StringBuilder();
        text.Append(
            $"""
            # Results

            Written by `dotnet run -c Release --project tests/KapsoArchive.Benchmarks -- all --messages {options.Messages} --rounds {options.Rounds}`; do not edit. {DateTime.UtcNow:yyyy-MM-dd}, commit {await Machine.CommitAsync()},
            {Machine.Description}. {options.Messages:#,0} messages where nothing else is said, medians of {options.Rounds}.
            CPU is user and system time of a whole process, peak memory is what of it was resident at most. {(options.AsBuilt ? "The programs ran as they were built." : "All programs were compiled ahead, as function app and container are published.")}

            """);
        foreach (IGrouping<string, Figure> benchmark in figures.GroupBy(f => f.Benchmark, StringComparer.Ordinal))
        {
            text.Append($"\n## {benchmark.Key}\n\n| measure | value | goal | |\n|---|---|---|---|\n");
            foreach (Figure figure in benchmark)
                text.Append($"| {figure.Measure} | {figure.Text} | {figure.GoalText} | {figure.Verdict} |\n");
        }

        await File.WriteAllTextAsync(Repository.File("tests", "KapsoArchive.Benchmarks", "RESULTS.md"), text.ToString());
    }
}
