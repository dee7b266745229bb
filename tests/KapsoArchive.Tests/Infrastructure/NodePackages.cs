using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>The scripts of <c>tests/node</c>. The packages beside a script are installed when a test first needs them and the lock file is
/// newer than what is there.</summary>
public static class NodePackages
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Installed = new(StringComparer.Ordinal);

    /// <summary>Starts a script, such as <c>azurite.mjs</c>; all three streams are the caller's.</summary>
    /// <exception cref="InvalidOperationException">Its packages could not be installed.</exception>
    public static async Task<Process> StartScriptAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string path = Repository.File(["tests", "node", .. script.Split('/')]);
        string folder = Path.GetDirectoryName(path)!;
        await Installed.GetOrAdd(folder, f => new Lazy<Task>(() => InstallAsync(f))).Value.WaitAsync(cancellationToken);
        return Start("node", [path, .. arguments], folder);
    }

    private static async Task InstallAsync(string folder)
    {
        using FileStream alone = await ProcessLock.TakeAsync($"{Path.GetFileName(folder)}-packages");
        if (IsCurrent(folder) || (await TryInstallAsync(folder)).Succeeded)
            return;
        (bool succeeded, string output) = await TryInstallAsync(folder);
        if (!succeeded)
            throw new InvalidOperationException($"'npm ci' failed twice in {folder}:\n{output}");
    }

    // npm writes this file last, so it is missing after an installation that broke off.
    private static bool IsCurrent(string folder)
    {
        FileInfo installed = new(Path.Combine(folder, "node_modules", ".package-lock.json"));
        return installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"));
    }

    private static async Task<(bool Succeeded, string Output)> TryInstallAsync(string folder)
    {
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        using Process process = Start(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode == 0, await output + errors);
    }

    private static Process Start(string program, IEnumerable<string> arguments, string folder)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(
                $"'{program}' cannot be started ({exception.Message}). Install Node.js 20 or newer: the tests run the storage emulator and a second Parquet reader on it.", exception);
        }
    }
}
