using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>Requests, against the fewest for the same proof. The fewest are counted here, from the sizes of the conversations alone.</summary>
internal static class RequestsBenchmark
{
    private const string Name = "requests";

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        long messages = Math.Min(options.Messages, 200_000);
        ChildCost cost = await ChildProcess.RunAsync("requests", $"messages={messages}", $"conversations={messages / 100}");
        return
        [
            .. ((string[])["full import", "quiet night", "1 % moved", "week"]).SelectMany(part => new[]
            {
                new Figure(Name, part, cost[part], ""),
                new Figure(Name, $"{part}, fewest for the same proof", cost[$"{part}, fewest"], ""),
                new Figure(Name, $"{part}, against the fewest", cost[part] / cost[$"{part}, fewest"], "×", Goal: 1.02, Alarm: 1.05),
            }),
        ];
    }
}
