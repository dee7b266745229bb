using System.Globalization;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Delta;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Archives as many nights as it is told, on each of which some conversations have a new message. Then it prints the address of
/// the source and serves it until its input ends.</summary>
internal static class YearsChild
{
    private const int Conversations = 1_000;
    private const int ActiveEachNight = 20;
    private const int Measured = 50;

    private static readonly DateTimeOffset LastNight = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        int nights = (int)settings.Number("nights", 1_100);
        string lake = settings["lake"];
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = Conversations, Messages = settings.Number("messages", 20_000), IncludeSamples = false });
        var random = new Random(1);
        TimeSpan night = TimeSpan.Zero;
        TimeSpan commits = TimeSpan.Zero;
        for (int number = 1; number <= nights; number++)
        {
            DateTimeOffset begin = LastNight.AddDays(number - nights);
            for (int i = 0; number > 1 && i < ActiveEachNight; i++)
                sandbox.Listings.Moving(sandbox.Data.Conversations[random.Next(Conversations)].Id).InsertCreatedAt(begin.AddMinutes(-random.Next(1, 1_400)));
            TimeSpan before = Environment.CpuUsage.TotalTime;
            await ArchiveChild.ExecuteAsync(
                sandbox.BaseUrl.ToString(), [new("Archive:Destination", lake)], new ShiftedTime(begin), ConversationSelection.All);
            if (number <= nights - Measured)
                continue;
            night += Environment.CpuUsage.TotalTime - before;
            commits += await CommitAgainAsync(lake);
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{sandbox.BaseUrl} {commits / night}"));
        await Console.In.ReadToEndAsync();
        return [];
    }

    /// <summary>The CPU of writing the newest commit of each Delta table, which is taken away for it.</summary>
    private static async Task<TimeSpan> CommitAgainAsync(string lake)
    {
        foreach (DeltaTable table in DeltaTable.All)
        {
            string log = Path.Combine(lake, table.Name, "_delta_log");
            File.Delete(Directory.EnumerateFiles(log, "*.json").Max(StringComparer.Ordinal)!);
        }

        TimeSpan before = Environment.CpuUsage.TotalTime;
        if (await DeltaTables.AppendAsync(new FolderStore(lake), CancellationToken.None) is { } problem)
            throw new InvalidOperationException(problem);
        return Environment.CpuUsage.TotalTime - before;
    }
}
