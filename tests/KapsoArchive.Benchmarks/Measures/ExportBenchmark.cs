using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using KapsoArchive.Benchmarks.Harness;
using KapsoArchive.Benchmarks.Report;

namespace KapsoArchive.Benchmarks.Measures;

/// <summary>How long somebody waits who asks <c>serve</c> for a conversation: from the POST to the first byte of a part.</summary>
internal static class ExportBenchmark
{
    private const string Name = "export";
    private const int Messages = 1_000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        await using SandboxProcess sandbox = await SandboxProcess.StartAsync(1, Messages);
        using var folder = new WorkFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Kapso__ApiKey"] = "sandbox-key",
            ["Kapso__BaseUrl"] = sandbox.Url,
            ["Archive__Destination"] = folder.File("lake"),
            ["Archive__Media"] = "none",
            ["Api__RequestsPerMinute"] = "1000000",
        });
        double first = await ExportAsync(server.Http);
        List<double> next = [];
        for (int i = 0; i < 5 * options.Rounds; i++)
            next.Add(await ExportAsync(server.Http));
        return
        [
            new Figure(Name, $"first byte of {Messages:#,0} messages, first export of a server", first, "s"),
            new Figure(Name, $"first byte of {Messages:#,0} messages, later exports", Median.Of(next), "s"),
        ];
    }

    private static async Task<double> ExportAsync(HttpClient http)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage created = await http.PostAsJsonAsync("/api/exports", new { conversations = "all", formats = (string[])["parquet"] });
        string status = created.EnsureSuccessStatusCode().Headers.Location!.ToString();
        JsonNode? file;
        while ((file = await FindFileAsync(http, status)) is null)
            await Task.Delay(Poll);

        await using Stream content = await http.GetStreamAsync((string)file["url"]!);
        return content.ReadByte() >= 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException("The export's file is empty.");
    }

    /// <summary>The export's file of messages; null while it is not there.</summary>
    private static async Task<JsonNode?> FindFileAsync(HttpClient http, string path)
    {
        JsonNode status = (await http.GetFromJsonAsync<JsonNode>(path))!;
        return (string)status["status"]! switch
        {
            "Succeeded" => status["result"]!["files"]!.AsArray().First(f => (string)f!["dataset"]! == "messages"),
            "NotStarted" or "Running" => null,
            var other => throw new InvalidOperationException($"The export ended as {other}: {status["error"]}"),
        };
    }
}
