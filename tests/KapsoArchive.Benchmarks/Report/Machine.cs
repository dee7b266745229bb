using System.Diagnostics;
using System.Runtime.InteropServices;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Benchmarks.Report;

/// <summary>What the figures were measured on, without its name.</summary>
internal static class Machine
{
    public static string Description =>
        $"{Environment.ProcessorCount} cores ({RuntimeInformation.OSArchitecture}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0} GiB of memory, {Kernel}, .NET {Environment.Version}";

    private static string Kernel => OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : "macOS";

    /// <summary>The commit of the working copy, and whether it had changes of its own.</summary>
    public static async Task<string> CommitAsync()
    {
        string commit = await GitAsync("rev-parse", "--short", "HEAD");
        string changes = await GitAsync("status", "--porcelain", "--", "src", "tests", ":!tests/KapsoArchive.Benchmarks/RESULTS.md");
        return changes.Length == 0 ? commit : $"{commit} with changes";
    }

    private static async Task<string> GitAsync(params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return output.Trim();
    }
}
