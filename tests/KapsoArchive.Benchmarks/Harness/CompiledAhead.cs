using System.Diagnostics;
using System.Runtime.InteropServices;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Benchmarks.Harness;

/// <summary>
/// Where the children's program lies. Function app and container are published compiled ahead (ReadyToRun), so that is what is measured, of every contender; it is made once, from the
/// sources, in a folder of its own.
/// </summary>
internal static class CompiledAhead
{
    /// <summary>This program and <c>kapso-archive</c>; as they were built until <see cref="PublishAsync"/>.</summary>
    public static string Folder { get; private set; } = AppContext.BaseDirectory;

    /// <exception cref="InvalidOperationException">It cannot be compiled ahead here.</exception>
    public static async Task PublishAsync(string folder)
    {
        string program = Path.Combine(folder, "program");
        ProcessStartInfo start = new("dotnet",
        [
            "publish", Repository.File("tests", "KapsoArchive.Benchmarks", "KapsoArchive.Benchmarks.csproj"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
            "-p:PublishReadyToRun=true", $"-p:ArtifactsPath={Path.Combine(folder, "artifacts")}", "-o", program, "--nologo", "-v", "quiet",
        ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process publish = Process.Start(start)!;
        string said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
            throw new InvalidOperationException($"The programs could not be compiled ahead; --as-built measures them as they were built.\n{said}");
        Folder = program;
    }

    public static string Program(string name) => Path.Combine(Folder, name);
}
