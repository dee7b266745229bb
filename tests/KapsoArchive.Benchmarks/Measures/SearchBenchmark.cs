using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>How long a person waits for what the archive has: whole commands, from their start to their end.</summary>
internal static class SearchBenchmark
{
    private const string Name = "search";
    private const int Spread = 1_000;
    private const int Many = 100_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var files = new WorkFolder();
        await using Azurite azurite = await Azurite.StartAsync();
        string folder = files.File("lake");
        string many = files.File("many");
        int conversations = (int)Math.Min(Many, options.Messages);
        string cache = $"--cache|{files.File("cache")}";
        await using (SandboxProcess sandbox = await SandboxProcess.StartAsync(Spread, options.Messages))
        {
            await ChildProcess.RunAsync("archive", $"url={sandbox.Url}", $"Archive:Destination={folder}");
            await ChildProcess.RunAsync("archive", $"url={sandbox.Url}", $"Archive:ConnectionString={azurite.ConnectionString}", "Archive:Container=search");
        }

        await using (SandboxProcess sandbox = await SandboxProcess.StartAsync(conversations, conversations))
            await ChildProcess.RunAsync("archive", $"url={sandbox.Url}", $"Archive:Destination={many}");

        string[] blobs = [$"Archive:ConnectionString={azurite.ConnectionString}", "Archive:Container=search"];
        await ChildProcess.RunAsync("program", [$"command=find|gracias|{cache}", .. blobs]); // Warms the cache.
        Dictionary<string, ChildCost> costs = await Rounds.RunAsync(
            Math.Max(3, options.Rounds),
            new Contender("text in a folder", _ => ChildProcess.RunAsync("program", $"command=find|gracias|--lake|{folder}")),
            new Contender("text in blobs, warm cache", _ => ChildProcess.RunAsync("program", [$"command=find|gracias|{cache}", .. blobs])),
            new Contender("conversations", _ => ChildProcess.RunAsync("program", $"command=conversations|--lake|{many}")),
            new Contender("one of them by number", _ => ChildProcess.RunAsync("program", $"command=conversations|+1415|--lake|{many}")));
        return
        [
            new Figure(Name, $"find a word in {options.Messages:#,0} messages, folder", costs["text in a folder"].Wall, "s", Goal: 5),
            new Figure(Name, $"find a word in {options.Messages:#,0} messages, blobs, warm cache", costs["text in blobs, warm cache"].Wall, "s", Goal: 5),
            new Figure(Name, $"conversations of {conversations:#,0}", costs["conversations"].Wall, "s", Goal: 1),
            new Figure(Name, $"conversations of {conversations:#,0} by a number", costs["one of them by number"].Wall, "s", Goal: 1),
            new Figure(Name, "peak memory of find, folder", costs["text in a folder"].Peak / 1e6, "MB"),
        ];
    }
}
