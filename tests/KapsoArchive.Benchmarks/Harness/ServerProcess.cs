using System.Diagnostics;

namespace KapsoArchive.Benchmarks.Harness;

/// <summary><c>kapso-archive serve</c> as a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Address = "Listens   ";

    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Http) = (process, new HttpClient { BaseAddress = address });

    public HttpClient Http { get; }

    /// <param name="settings">As environment variables.</param>
    public static async Task<ServerProcess> StartAsync(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var start = new ProcessStartInfo("dotnet", [CompiledAhead.Program("kapso-archive.dll"), "serve", "--urls", "http://127.0.0.1:0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in settings)
            start.Environment[name] = value;
        Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Address, StringComparison.Ordinal))
                return new ServerProcess(process, new Uri(line[Address.Length..]));
        }

        throw new InvalidOperationException($"The server did not start: {await errors}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
