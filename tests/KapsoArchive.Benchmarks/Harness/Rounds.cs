namespace KapsoArchive.Benchmarks.Harness;

/// <summary>Lets contenders run in turns, so that what else the machine does falls on all of them alike, and takes the median of each figure.</summary>
internal static class Rounds
{
    public static async Task<Dictionary<string, ChildCost>> RunAsync(int rounds, params IReadOnlyList<Contender> contenders)
    {
        Dictionary<string, List<ChildCost>> costs = contenders.ToDictionary(c => c.Name, _ => new List<ChildCost>(), StringComparer.Ordinal);
        for (int round = 1; round <= rounds; round++)
        {
            foreach (Contender contender in contenders)
            {
                using var folder = new WorkFolder();
                ChildCost cost = await contender.Run(folder.Path);
                costs[contender.Name].Add(cost);
                await Console.Error.WriteLineAsync($"  round {round}, {contender.Name}: {cost.Cpu:0.00} s of CPU, {cost.Peak / (1 << 20):0} MiB, {cost.Wall:0.0} s");
            }
        }

        return costs.ToDictionary(c => c.Key, c => Middle(c.Value), StringComparer.Ordinal);
    }

    private static ChildCost Middle(List<ChildCost> costs) => new(
        Median.Of(costs.Select(c => c.Cpu)),
        Median.Of(costs.Select(c => c.Peak)),
        Median.Of(costs.Select(c => c.Wall)),
        costs[0].Facts.Keys.ToDictionary(fact => fact, fact => Median.Of(costs.Select(c => c[fact])), StringComparer.Ordinal));
}
