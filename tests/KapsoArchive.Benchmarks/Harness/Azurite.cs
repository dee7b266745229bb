using System.Diagnostics;
using System.Text.RegularExpressions;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Benchmarks.Harness;

/// <summary>The Azure Storage emulator, in memory.</summary>
internal sealed partial class Azurite : IAsyncDisposable
{
    // The emulator's published account and key, the same everywhere.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Process _process;

    private Azurite(Process process, string blobs, string queues) => (_process, ConnectionString) =
        (process, $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={blobs}/{Account};QueueEndpoint={queues}/{Account}");

    public string ConnectionString { get; }

    /// <exception cref="InvalidOperationException">Node.js is missing, or the emulator does not start.</exception>
    public static async Task<Azurite> StartAsync()
    {
        Process process = await NodePackages.StartScriptAsync(
            "azurite.mjs",
            [
                "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent", "--blobHost", "127.0.0.1", "--blobPort", "0",
                "--queueHost", "127.0.0.1", "--queuePort", "0", "--tableHost", "127.0.0.1", "--tablePort", "0",
            ],
            CancellationToken.None);
        string blobs = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is not { Success: true } listening)
                continue;
            string url = listening.Groups["url"].Value;
            if (listening.Groups["service"].Value == "Blob")
            {
                blobs = url;
                continue;
            }

            // A pipe that nobody reads fills up, and then Azurite waits for ever.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            return new Azurite(process, blobs, url);
        }

        throw new InvalidOperationException($"Azurite did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex("Azurite (?<service>Blob|Queue) service is successfully listening at (?<url>\\S+)", RegexOptions.NonBacktracking)]
    private static partial Regex Listening();
}
