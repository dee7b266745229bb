using System.Diagnostics;

namespace KapsoArchive.Benchmarks.Harness;

/// <summary>This program once more, as a process of its own.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public static ChildProcess Start(string verb, IEnumerable<string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [CompiledAhead.Program("KapsoArchive.Benchmarks.dll"), "child", verb, .. settings])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException("A child did not start."));
    }

    /// <summary>Runs a child to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; it has said why on the error stream.</exception>
    public static async Task<ChildCost> RunAsync(string verb, params IEnumerable<string> settings)
    {
        await using ChildProcess child = Start(verb, settings);
        string? last = null;
        while (await child.ReadAsync() is { } line)
            last = line;
        await child._process.WaitForExitAsync();
        return child._process.ExitCode == 0 && last is not null
            ? ChildCost.FromJson(last)
            : throw new InvalidOperationException($"The child '{verb}' ended with code {child._process.ExitCode}.");
    }

    /// <summary>A line that the child has printed; null when it has ended.</summary>
    public Task<string?> ReadAsync() => _process.StandardOutput.ReadLineAsync();

    public async Task<string> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync() ?? throw new InvalidOperationException("The child has ended.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
