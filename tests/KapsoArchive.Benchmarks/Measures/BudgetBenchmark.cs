using System.Globalization;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;
using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>How much of what the source allows a run makes use of, in windows that are shorter than the source's minute: what a window holds is the same.</summary>
internal static class BudgetBenchmark
{
    private const string Name = "budget";
    private const int Windows = 5;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        double share = new KapsoOptions().RateShare;
        List<Figure> figures = [];
        foreach (int limit in (int[])[100, 500, 2000])
        {
            double window = Math.Max(1, limit / (options.Short ? 400.0 : 200.0));
            int conversations = (int)(limit * share * (options.Short ? Windows - 2 : Windows));
            await using SandboxProcess sandbox = await SandboxProcess.StartAsync(conversations, conversations, limit, window, competitor: limit / 10);
            using var folder = new WorkFolder();
            await ChildProcess.RunAsync(
                "archive", $"url={sandbox.Url}", $"Archive:Destination={folder.Path}", string.Create(CultureInfo.InvariantCulture, $"window={TimeSpan.FromSeconds(window)}"));
            SandboxUse use = await sandbox.UseAsync();
            // The first and the last window were begun late or ended early.
            double used = use.Windows.Skip(1).SkipLast(1).DefaultIfEmpty(0).Average();
            await Console.Error.WriteLineAsync($"  {limit} in {window} s: {string.Join(", ", use.Windows)}");
            figures.Add(new Figure(Name, $"share of the requests allowed that was used, {limit} a window", used / (limit * share) * 100, "%"));
            figures.Add(new Figure(Name, $"left of them unused, {limit} a window", 100 - used / (limit * share) * 100, "%", Goal: 3));
            figures.Add(new Figure(Name, $"answers with 429, {limit} a window", use.Throttled, ""));
        }

        return figures;
    }
}
