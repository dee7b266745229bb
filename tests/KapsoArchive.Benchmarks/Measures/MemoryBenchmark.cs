using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>What a run takes at its peak, and of the processor for each message, as the archive grows tenfold and tenfold again: in one giant conversation, and in many small ones.</summary>
internal static class MemoryBenchmark
{
    private const string Name = "memory";
    private const double MostMemory = 300;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        long[] sizes = [options.Messages / 10, options.Messages, .. options.Short ? (long[])[] : [options.Messages * 10]];
        int many = (int)Math.Min(100_000, sizes[0]);
        List<Figure> figures = [];
        foreach ((string shape, int conversations) in ((string, int)[])[("one conversation", 1), ($"{many:#,0} conversations", many)])
        {
            List<ChildCost> costs = [];
            foreach (long size in sizes)
            {
                // The largest takes minutes, and longer ones scatter less.
                int rounds = size >= 5_000_000 ? 1 : options.Rounds;
                await using SandboxProcess sandbox = await SandboxProcess.StartAsync(conversations, size);
                ChildCost cost = (await Rounds.RunAsync(
                    rounds, new Contender($"{size:#,0} in {shape}", folder => ChildProcess.RunAsync("archive", $"url={sandbox.Url}", $"Archive:Destination={folder}"))))
                    .Values.Single();
                costs.Add(cost);
                figures.Add(new Figure(Name, $"peak, {size:#,0} messages in {shape}", cost.Peak / 1e6, "MB", MostMemory));
                figures.Add(new Figure(Name, $"CPU for a million, {size:#,0} messages in {shape}", cost.Cpu / size * 1e6, "s"));
            }

            figures.Add(new Figure(Name, $"peak of the largest against the smallest, {shape}", costs[^1].Peak / costs[0].Peak, "×", Goal: 1.25));
            figures.Add(new Figure(Name, $"CPU for each message, the largest against the smallest, {shape}", costs[^1].Cpu / sizes[^1] / (costs[0].Cpu / sizes[0]), "×", Goal: 1.1));
        }

        return figures;
    }
}
