using System.ComponentModel;
using System.Diagnostics;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>The Node.js packages of <c>tests/node</c>, installed when a test first needs them and the lock file is newer than what is there.</summary>
public static class NodePackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    /// <summary>The folder of the scripts, with their packages installed.</summary>
    public static Task<string> FolderAsync(CancellationToken cancellationToken) => Installed.Value.WaitAsync(cancellationToken);

    /// <summary>Starts a script of that folder; all three streams are the caller's.</summary>
    public static async Task<Process> StartScriptAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string folder = await FolderAsync(cancellationToken);
        return Start("node", [Path.Combine(folder, script), .. arguments], folder);
    }

    private static async Task<string> InstallAsync()
    {
        string folder = Repository.File("tests", "node");
        using FileStream alone = await LockAsync();
        if (IsCurrent(folder))
            return folder;
        (bool succeeded, _) = await TryInstallAsync(folder);
        if (succeeded)
            return folder;
        (succeeded, string output) = await TryInstallAsync(folder);
        return succeeded ? folder : throw new InvalidOperationException($"'npm ci' failed twice in {folder}:\n{output}");
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

    private static async Task<FileStream> LockAsync()
    {
        string path = Repository.File("artifacts", "node-packages.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
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
