using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>The same run to blob storage and to a folder, and in what pieces its parts travel.</summary>
internal static class BlobBenchmark
{
    private const string Name = "blob";

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        Azurite azurite;
        try
        {
            azurite = await Azurite.StartAsync();
        }
        catch (InvalidOperationException e)
        {
            await Console.Error.WriteLineAsync($"  skipped: {e.Message}");
            return [];
        }

        await using Azurite running = azurite;
        await using SandboxProcess sandbox = await SandboxProcess.StartAsync(200, options.Messages);
        int container = 0;
        Dictionary<string, ChildCost> costs = await Rounds.RunAsync(
            options.Rounds,
            new Contender("folder", folder => ChildProcess.RunAsync("archive", $"url={sandbox.Url}", $"Archive:Destination={folder}")),
            new Contender("blob", _ => ChildProcess.RunAsync(
                "archive", $"url={sandbox.Url}", $"Archive:ConnectionString={azurite.ConnectionString}", $"Archive:Container=archive-{++container}")));

        List<IReadOnlyList<int>> parts = await PartsAsync(new BlobContainerClient(azurite.ConnectionString, $"archive-{container}", new BlobClientOptions()));
        return
        [
            new Figure(Name, "time against the folder", costs["blob"].Wall / costs["folder"].Wall, "×"),
            new Figure(Name, "CPU against the folder", costs["blob"].Cpu / costs["folder"].Cpu, "×"),
            new Figure(Name, "peak memory against the folder", costs["blob"].Peak / costs["folder"].Peak, "×"),
            new Figure(Name, "parts", parts.Count, ""),
            new Figure(Name, "blocks a part", parts.Average(p => p.Count), ""),
            new Figure(Name, "a part", parts.Average(p => p.Sum()) / 1e6, "MB"),
            new Figure(Name, "largest block", parts.Max(p => p.Max()) / 1e6, "MB"),
        ];
    }

    /// <summary>The sizes of each part's blocks.</summary>
    private static async Task<List<IReadOnlyList<int>>> PartsAsync(BlobContainerClient container)
    {
        List<IReadOnlyList<int>> parts = [];
        await foreach (BlobItem blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, "messages/", CancellationToken.None))
        {
            BlockList blocks = await container.GetBlockBlobClient(blob.Name).GetBlockListAsync(BlockListTypes.Committed);
            parts.Add([.. blocks.CommittedBlocks.Select(b => (int)b.SizeLong)]);
        }

        return parts;
    }
}
