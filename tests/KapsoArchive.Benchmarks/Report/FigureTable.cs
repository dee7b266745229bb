namespace KapsoArchive.Benchmarks.Report;

/// <summary>The figures as a plain table.</summary>
internal static class FigureTable
{
    public static async Task PrintAsync(IReadOnlyList<Figure> figures, TextWriter output)
    {
        int measure = figures.Max(f => f.Measure.Length);
        int value = figures.Max(f => f.Text.Length);
        foreach (IGrouping<string, Figure> benchmark in figures.GroupBy(f => f.Benchmark, StringComparer.Ordinal))
        {
            await output.WriteLineAsync(benchmark.Key);
            foreach (Figure figure in benchmark)
                await output.WriteLineAsync($"  {figure.Measure.PadRight(measure)}  {figure.Text.PadLeft(value)}  {figure.GoalText,-10}  {figure.Verdict}".TrimEnd());
        }
    }
}
