using System.Diagnostics;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli;

/// <summary>
/// The program as a process of its own, which sees nothing of the machine's settings. What is started is ended, whatever happens.
/// </summary>
internal sealed class CliProcess : IAsyncDisposable
{
    public const int SigInt = 2;
    public const int SigTerm = 15;
    public const int SigKill = 9;

    private static readonly string[] SettingPrefixes = ["Kapso", "Archive", "Api", "Serve", "ASPNETCORE_", "DOTNET_URLS", "OTEL_", "APPLICATIONINSIGHTS_"];

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private CliProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>
    /// The signal that interrupts a program here: Ctrl+C's, but where the tests were started in the background by a shell, which has all
    /// that it starts so ignore that one, a polite kill's.
    /// </summary>
    public static int Interruption => IgnoresSigInt() ? SigTerm : SigInt;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static CliProcess Start(string folder, IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        Process process = StartProcess(folder, environment, arguments);
        return new CliProcess(process);
    }

    /// <summary>The bare process, for who has other plans for its output.</summary>
    public static Process StartProcess(string folder, IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        Process process = Process.Start(Prepare(folder, environment, arguments)) ?? throw new InvalidOperationException("The program did not start.");
        process.StandardInput.Close();
        return process;
    }

    /// <summary>How to start the program, for who has plans for its input too.</summary>
    public static ProcessStartInfo Prepare(string folder, IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "kapso-archive.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (string name in start.Environment.Keys.Where(name => SettingPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
            start.Environment.Remove(name);
        start.Environment["Archive__Media"] = "none"; // The links of most tests lead nowhere.
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<CliResult> RunAsync(string folder, IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        await using CliProcess process = Start(folder, environment, arguments);
        return await process.EndAsync();
    }

    public async Task<CliResult> EndAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience.Limit);
        await _process.WaitForExitAsync(patience.Token);
        return new CliResult(_process.ExitCode, await _output, await _error);
    }

    /// <summary>Sends a signal as a terminal or a supervisor does.</summary>
    public void Send(int signal) => Signal.Send(_process, signal);

    /// <summary>Sends SIGKILL. Nothing happens where the process has ended.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Completes when the process has ended.</summary>
    public Task ExitedAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static bool IgnoresSigInt()
    {
        const string Status = "/proc/self/status";
        const string Ignored = "SigIgn:";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) & (1UL << (SigInt - 1))) != 0;
    }
}
