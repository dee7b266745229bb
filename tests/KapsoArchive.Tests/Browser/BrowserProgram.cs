using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Browser;

/// <summary>A Chromium, and how to start it: the one that the environment names, one of the machine, or one that npm brings.</summary>
internal sealed record BrowserProgram(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    private const string ProgramVariable = "KAPSO_ARCHIVE_CHROMIUM";

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["chrome.exe", "msedge.exe"] : ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private static readonly Lazy<Task<BrowserProgram>> Installed = new(InstallAsync);

    private static string HowToInstall =>
        OperatingSystem.IsWindows() ? "`winget install Google.Chrome`" : OperatingSystem.IsMacOS() ? "`brew install --cask chromium`" : "`apt-get install -y chromium` as root";

    /// <summary>Skips the test where there is none and none can be installed.</summary>
    public static async Task<BrowserProgram> FindAsync(CancellationToken cancellationToken)
    {
        if (FindOnMachine() is { } program)
            return new BrowserProgram(program, [], new Dictionary<string, string>());
        try
        {
            return await Installed.Value.WaitAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            Assert.Skip($"There is no Chromium to look at pages in. Install one ({HowToInstall}), or name its program in {ProgramVariable}. The tests could not install it: {e.Message}");
            throw;
        }
    }

    private static string? FindOnMachine() =>
        System.Environment.GetEnvironmentVariable(ProgramVariable)
        ?? (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private static async Task<BrowserProgram> InstallAsync()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
            throw new InvalidOperationException($"npm carries it for Linux on x64, and this is {RuntimeInformation.RuntimeIdentifier}.");
        using Process process = await NodePackages.StartScriptAsync("chromium/unpack.mjs", [], CancellationToken.None);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string browser = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<BrowserProgram>(browser, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"it does not run here: {await errors}");
    }
}
