using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Runs.Discovery;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>
/// What a night costs on which nothing happened: with its conversations listed by id, and with discovery. The night with discovery is the dearest that there is: the one in seven on which
/// the whole list is walked, twice as always. Few conversations are due for a full sweep in it; of those a seventh is read in each night whatever the list holds.
/// </summary>
internal static class NightlyBenchmark
{
    private const string Name = "nightly";
    private const int Walks = 2;

    // After the sandbox's last message and the lookback: nothing was active of late.
    private static readonly DateTimeOffset Quiet = new(2026, 11, 12, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        int largest = (int)Math.Clamp(options.Messages / 10, 100, 100_000);
        List<Figure> figures = [];
        foreach (int conversations in (int[])[largest / 100, largest / 10, largest])
        {
            await using SandboxProcess sandbox = await SandboxProcess.StartAsync(conversations, conversations);
            using var lake = new WorkFolder();
            string ids = lake.File("ids");
            string filled = lake.File("lake");
            DateTimeOffset turn = TurnOfTheWholeList();
            await ChildProcess.RunAsync("discover", $"url={sandbox.Url}", $"out={ids}");
            await ChildProcess.RunAsync("archive", $"url={sandbox.Url}", $"Archive:Destination={filled}", $"at={turn.AddMinutes(-10):O}");
            Dictionary<string, ChildCost> costs = await Rounds.RunAsync(
                options.Rounds,
                new Contender("listed", folder => NightAsync(sandbox, filled, folder, turn.AddMinutes(1), $"ids={ids}")),
                new Contender("discovered", folder => NightAsync(sandbox, filled, folder, turn.AddMinutes(1))),
                new Contender("discovery pages alone", _ => ChildProcess.RunAsync("discover", $"url={sandbox.Url}", $"walks={Walks}")));

            figures.Add(new Figure(Name, $"requests, {conversations:#,0} listed", costs["listed"]["requests"], ""));
            figures.Add(new Figure(Name, $"CPU, {conversations:#,0} listed", costs["listed"].Cpu, "s"));
            figures.Add(new Figure(Name, $"requests, {conversations:#,0} discovered", costs["discovered"]["requests"], ""));
            figures.Add(new Figure(Name, $"of them for full sweeps that were due, {conversations:#,0} discovered", costs["discovered"]["due"], ""));
            figures.Add(new Figure(Name, $"CPU, {conversations:#,0} discovered", costs["discovered"].Cpu, "s"));
            figures.Add(new Figure(Name, $"CPU of the discovery pages alone, {conversations:#,0}", costs["discovery pages alone"].Cpu, "s"));
            figures.Add(new Figure(
                Name, $"CPU against the discovery pages alone, {conversations:#,0} discovered", costs["discovered"].Cpu / costs["discovery pages alone"].Cpu, "×",
                Goal: conversations == largest ? 1.5 : null));
        }

        return figures;
    }

    /// <summary>One night over a copy of the lake, which stays as it is for the next.</summary>
    private static async Task<ChildCost> NightAsync(SandboxProcess sandbox, string filled, string folder, DateTimeOffset at, params IEnumerable<string> settings)
    {
        WorkFolder.Copy(filled, folder);
        ChildCost cost = await ChildProcess.RunAsync("archive", [$"url={sandbox.Url}", $"Archive:Destination={folder}", $"at={at:O}", .. settings]);
        return cost["messages"] == 0 ? cost : throw new InvalidOperationException("The night was not quiet.");
    }

    /// <summary>The first moment at which the default settings have the whole list walked again.</summary>
    private static DateTimeOffset TurnOfTheWholeList()
    {
        TimeSpan period = new ArchiveOptions().FullSweepEvery;
        long before = Core.Lake.Timestamp.ToMicros(Quiet);
        DateTimeOffset turn = Quiet;
        while (!new FullSweepTurns(period, turn).IsDue("the whole list", before))
            turn = turn.AddMinutes(1);
        return turn;
    }
}
