using System.Globalization;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>What the files behind messages cost: fetching, hashing and storing them, beside copying the same bytes from folder to folder with their SHA-256.</summary>
internal static class MediaBenchmark
{
    private const string Name = "media";
    private const int FileBytes = 100_000;

    /// <summary>More than one message in five has a file.</summary>
    private const double MessagesForEachFile = 4.4;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        long messages = (long)(options.Messages / 100.0 * MessagesForEachFile);
        await using SandboxProcess sandbox = await SandboxProcess.StartAsync(50, messages, mediaBytes: FileBytes);
        using var source = new WorkFolder();
        ChildCost first = await FetchAsync(sandbox, source.Path, "all");
        Dictionary<string, ChildCost> costs = await Rounds.RunAsync(
            options.Rounds,
            new Contender("messages and files", folder => FetchAsync(sandbox, folder, "all")),
            new Contender("messages alone", folder => FetchAsync(sandbox, folder, "none")),
            new Contender("copy with SHA-256", folder => ChildProcess.RunAsync("copy", $"from={source.File("_media")}", $"to={folder}")));
        ChildCost copy = costs["copy with SHA-256"];
        double files = copy["files"];
        double fetch = costs["messages and files"].Cpu - costs["messages alone"].Cpu;
        await using SandboxProcess large = await SandboxProcess.StartAsync(1, 10, mediaBytes: 100_000_000);
        using var target = new WorkFolder();
        ChildCost one = options.Short ? first : await FetchAsync(large, target.Path, "all");
        return
        [
            new Figure(Name, "files of 100 KB", files, ""),
            new Figure(Name, "CPU for a thousand files, fetched", fetch / files * 1_000, "s"),
            new Figure(Name, "CPU for a thousand files, copied with SHA-256", copy.Cpu / files * 1_000, "s"),
            new Figure(Name, "CPU of fetching files against copying them with SHA-256", fetch / copy.Cpu, "×", Goal: 2.0),
            new Figure(Name, "peak, messages and files of 100 KB", costs["messages and files"].Peak / 1e6, "MB", Goal: 300),
            new Figure(Name, "peak, files of 100 MB", one.Peak / 1e6, "MB", Goal: 300),
        ];
    }

    private static Task<ChildCost> FetchAsync(SandboxProcess sandbox, string folder, string media) => ChildProcess.RunAsync(
        "archive", $"url={sandbox.Url}", $"Archive:Destination={folder}", $"Archive:Media={media}", "Archive:MediaDuration=1.00:00:00",
        $"Archive:MaxMediaBytes={200_000_000.ToString(CultureInfo.InvariantCulture)}");
}
