using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>Pages on loopback to Parquet in a folder, against what somebody would otherwise do. Only the reading process counts.</summary>
internal static class PipelineBenchmark
{
    private const string Name = "pipeline";
    private const int Conversations = 200;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        await using SandboxProcess sandbox = await SandboxProcess.StartAsync(Conversations, options.Messages);
        using var pages = new WorkFolder();
        await ChildProcess.RunAsync("save-pages", $"url={sandbox.Url}", $"out={pages.Path}");
        Dictionary<string, ChildCost> costs = await Rounds.RunAsync(
            options.Rounds,
            new Contender("ours", folder => ChildProcess.RunAsync("archive", $"url={sandbox.Url}", $"Archive:Destination={folder}")),
            new Contender("DuckDB, pages as saved", folder => ChildProcess.RunAsync("duckdb-pages", "form=files", $"pages={pages.Path}", $"out={folder}")),
            new Contender("DuckDB, helped", folder => ChildProcess.RunAsync("duckdb-pages", "form=lines", $"pages={pages.Path}", $"out={folder}")),
            new Contender("plain way", folder => ChildProcess.RunAsync("plain", $"url={sandbox.Url}", $"out={folder}")),
            new Contender("floor", folder => ChildProcess.RunAsync("floor", $"url={sandbox.Url}", $"out={folder}")));
        foreach ((string name, ChildCost cost) in costs)
        {
            if ((long)cost["messages"] != options.Messages)
                throw new InvalidOperationException($"{name} wrote {cost["messages"]} messages of {options.Messages}.");
        }

        double ours = costs["ours"].Cpu;
        return
        [
            .. costs.Select(c => new Figure(Name, $"CPU for a million messages, {c.Key}", c.Value.Cpu / options.Messages * 1e6, "s")),
            .. costs.Select(c => new Figure(Name, $"peak memory, {c.Key}", c.Value.Peak / 1e6, "MB")),
            new Figure(Name, "CPU against DuckDB over pages as saved", ours / costs["DuckDB, pages as saved"].Cpu, "×", Goal: 0.33, Alarm: 5),
            new Figure(Name, "CPU against DuckDB with all the help it can get", ours / costs["DuckDB, helped"].Cpu, "×", Goal: 0.33, Alarm: 6),
            new Figure(Name, "CPU against the plain way", ours / costs["plain way"].Cpu, "×", Goal: 0.5, Alarm: 2),
            new Figure(Name, "CPU against the floor", ours / costs["floor"].Cpu, "×", Goal: 3, Alarm: 7.2),
            new Figure(Name, "CPU of the floor itself against DuckDB over pages as saved", costs["floor"].Cpu / costs["DuckDB, pages as saved"].Cpu, "×"),
        ];
    }
}
