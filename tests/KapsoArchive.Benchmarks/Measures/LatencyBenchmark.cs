using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>How long runs take where each request to the storage account takes 20 ms longer, and how many requests that is, one after the
/// other.</summary>
internal static class LatencyBenchmark
{
    private const string Name = "latency";

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    // The archive's second night: long after the sandbox's last message, so that nothing has moved.
    private static readonly DateTimeOffset FirstNight = new(2026, 11, 12, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        await using Azurite azurite = await Azurite.StartAsync();
        int port = new Uri(azurite.ConnectionString.Split("BlobEndpoint=")[1].Split(';')[0]).Port;
        await using var road = new SlowRoad(port, Delay);
        string slow = azurite.ConnectionString.Replace($":{port}/", $":{road.Port}/", StringComparison.Ordinal);
        int many = (int)Math.Min(100_000, options.Messages);
        List<Figure> figures = [];
        await using (SandboxProcess sandbox = await SandboxProcess.StartAsync(200, options.Messages))
            figures.AddRange(await SideBySideAsync($"import of {options.Messages:#,0}", "import", azurite.ConnectionString, slow, sandbox, FirstNight));
        await using (SandboxProcess sandbox = await SandboxProcess.StartAsync(many, many))
        {
            figures.AddRange(await SideBySideAsync($"import of {many:#,0} conversations", "night", azurite.ConnectionString, slow, sandbox, FirstNight));
            figures.AddRange(await SideBySideAsync(
                $"quiet night of {many:#,0} conversations", "night", azurite.ConnectionString, slow, sandbox, FirstNight.AddHours(1)));
        }

        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> SideBySideAsync(
        string what, string container, string near, string far, SandboxProcess sandbox, DateTimeOffset at)
    {
        Task<ChildCost> ArchiveAsync(string account, string suffix) => ChildProcess.RunAsync(
            "archive", $"url={sandbox.Url}", $"Archive:ConnectionString={account}", $"Archive:Container={container}-{suffix}", $"at={at:O}");
        Dictionary<string, ChildCost> costs = await Rounds.RunAsync(
            1, new Contender("near", _ => ArchiveAsync(near, "near")), new Contender($"{Delay.TotalMilliseconds} ms", _ => ArchiveAsync(far, "far")));
        (ChildCost without, ChildCost with) = (costs["near"], costs[$"{Delay.TotalMilliseconds} ms"]);
        return
        [
            new Figure(Name, $"{what}, time", with.Wall, "s"),
            new Figure(Name, $"{what}, against no latency", with.Wall / without.Wall, "×"),
            new Figure(Name, $"{what}, round trips one after the other", Math.Max(0, (with.Wall - without.Wall) / Delay.TotalSeconds), ""),
            new Figure(Name, $"{what}, publication and index", with["publishing"], "s", Goal: 30),
        ];
    }
}
