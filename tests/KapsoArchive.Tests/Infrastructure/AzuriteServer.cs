using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

[assembly: AssemblyFixture(typeof(KapsoArchive.Tests.Infrastructure.AzuriteServer))]

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>The Azure Storage emulator, started when a test first asks for it and ended with the test program. It keeps everything in
/// memory.</summary>
public sealed partial class AzuriteServer : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    // The emulator's published key, the same everywhere.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    // Azurite 3.37.0 refuses the service version that the SDK asks for unless told not to check it.
    private static readonly string[] Arguments =
    [
        "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
        "--blobHost", "127.0.0.1", "--blobPort", "0",
        "--queueHost", "127.0.0.1", "--queuePort", "0",
        "--tableHost", "127.0.0.1", "--tablePort", "0",
    ];

    private readonly Lazy<Task<string>> _connectionString;
    private Process? _process;
    private int _containers;

    public AzuriteServer()
    {
        _connectionString = new Lazy<Task<string>>(StartAsync);
    }

    /// <summary>Starts the emulator where it does not run yet. Blobs and queues are reached with the string.</summary>
    public Task<string> ConnectionStringAsync(CancellationToken cancellationToken) => _connectionString.Value.WaitAsync(cancellationToken);

    /// <summary>A container's name that no other test has.</summary>
    public string NewContainerName() => $"archive-{Interlocked.Increment(ref _containers).ToString(CultureInfo.InvariantCulture)}";

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> StartAsync()
    {
        using CancellationTokenSource patience = new(Patience.Limit);
        _process = await NodePackages.StartScriptAsync("azurite.mjs", Arguments, CancellationToken.None);
        string? blob = null;
        string? queue = null;
        List<string> log = [];
        while ((blob is null || queue is null) && await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            log.Add(line);
            Match listening = Listening().Match(line);
            if (listening.Groups["service"].Value == "Blob")
                blob = listening.Groups["url"].Value;
            else if (listening.Groups["service"].Value == "Queue")
                queue = listening.Groups["url"].Value;
        }
        if (blob is null || queue is null)
            throw new InvalidOperationException($"Azurite did not start:\n{string.Join('\n', log)}\n{await _process.StandardError.ReadToEndAsync(patience.Token)}");
        Drain(_process);
        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={blob}/{Account};QueueEndpoint={queue}/{Account}";
    }

    // A pipe that nobody reads fills up, and then Azurite waits for ever.
    private static void Drain(Process process)
    {
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    [GeneratedRegex("Azurite (?<service>Blob|Queue) service is successfully listening at (?<url>\\S+)", RegexOptions.NonBacktracking)]
    private static partial Regex Listening();
}
