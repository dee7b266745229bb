using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KapsoArchive.FunctionsHost.Workers;

/// <summary>The worker's process, which sees nothing of the machine's settings.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private static readonly string[] SettingPrefixes =
        ["Kapso", "Archive", "Api", "Serve", "AzureWebJobs", "FUNCTIONS_", "AZURE_", "ASPNETCORE_", "DOTNET_URLS", "DOTNET_ENVIRONMENT", "OTEL_", "APPLICATIONINSIGHTS_", "WEBSITE_", "Logging"];

    private readonly Process _process;

    private WorkerProcess(Process process)
    {
        _process = process;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Bytes of memory that the process had at most until now.</summary>
    public long PeakWorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts the published worker.</summary>
    /// <param name="gate">Where the host listens to workers.</param>
    public static WorkerProcess Start(HostOptions options, Uri gate, string workerId, HostLog log)
    {
        WorkerFile file = WorkerFile.Read(options.Folder);
        // "the working folder is the app's"
        var start = new ProcessStartInfo(file.Executable, [file.Program, .. Arguments(gate, workerId, requestId: Guid.NewGuid().ToString())])
        {
            WorkingDirectory = options.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => SettingPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
            start.Environment.Remove(name);
        foreach ((string name, string value) in options.Settings)
            start.Environment[name] = value;
        // "FUNCTIONS_APPLICATION_DIRECTORY must be set"
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = options.Folder;
        start.Environment["HOME"] = options.Home;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Add(line.Data, "Information");
        process.ErrorDataReceived += (_, line) => Add(line.Data, "Error");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new WorkerProcess(process);

        void Add(string? line, string level)
        {
            if (!string.IsNullOrWhiteSpace(line))
                log.Add(LineSource.Console, level, line);
        }
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        if (!_process.HasExited)
            _ = Signal(_process.Id, SigTerm);
    }

    /// <summary>Sends SIGKILL. Nothing happens if the process has ended.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for the end of the process.</summary>
    /// <returns>False if it lives on.</returns>
    public async Task<bool> ExitsWithinAsync(TimeSpan time)
    {
        using var patience = new CancellationTokenSource(time);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    // "The host passes its arguments in two forms […]; 2.52 reads the second."
    private static string[] Arguments(Uri gate, string workerId, string requestId) =>
    [
        "--host", gate.Host, "--port", $"{gate.Port}", "--workerId", workerId, "--requestId", requestId, "--grpcMaxMessageLength", $"{int.MaxValue}",
        "--functions-uri", gate.ToString(), "--functions-worker-id", workerId, "--functions-request-id", requestId,
        "--functions-grpc-max-message-length", $"{int.MaxValue}",
    ];

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
