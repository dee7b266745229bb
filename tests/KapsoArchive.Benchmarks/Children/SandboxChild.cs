using System.Text.Json;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Serves invented conversations, and tells on request what was asked of it, until its input ends.</summary>
internal static class SandboxChild
{
    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        await using SandboxServer server = await SandboxServer.StartAsync(World(settings));
        await Console.Out.WriteLineAsync(server.BaseUrl.ToString());
        while (await Console.In.ReadLineAsync() is not null)
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new SandboxUse(server.RequestCount, server.ThrottledCount, [.. server.RateLog.Select(w => w.Used)])));
        return [];
    }

    /// <summary>Without the sample records: they hold what is odd, and the engines compared must read the same.</summary>
    public static SandboxOptions World(ChildSettings settings) => new()
    {
        Conversations = (int)settings.Number("conversations", 200),
        Messages = settings.Number("messages", 20_000),
        RateLimit = (int)settings.Number("rate", 0),
        CompetingRequestsPerWindow = (int)settings.Number("competitor", 0),
        Window = settings.Find("window") is null ? TimeSpan.FromMinutes(1) : settings.Time("window"),
        IncludeSamples = false,
        Media = settings.Find("media-bytes") is null ? null : new SandboxMedia { Bytes = settings.Number("media-bytes", 0), Duplicates = 0 },
    };
}
