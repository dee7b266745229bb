using System.Diagnostics;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Browser;

/// <summary>Looks at pages in a Chromium without a window, at 390 and 1280 pixels, in light and dark. <c>tests/node/browse.mjs</c> does it.</summary>
public static class Chromium
{
    /// <summary>A folder for pictures of every page that the tests look at; without it none are taken.</summary>
    private const string PicturesVariable = "KAPSO_ARCHIVE_PICTURES";

    private const string ProgramVariable = "KAPSO_ARCHIVE_CHROMIUM";

    private static readonly string[] Programs = OperatingSystem.IsWindows() ? ["chrome.exe", "msedge.exe"] : ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <param name="pages">What to look at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="expand">Whether to open what a page keeps closed.</param>
    /// <returns>Four visits of each page.</returns>
    public static async Task<IReadOnlyList<PageVisit>> VisitAsync(IReadOnlyList<BrowserPage> pages, CancellationToken cancellationToken, bool expand = true)
    {
        string? pictures = Environment.GetEnvironmentVariable(PicturesVariable);
        if (pictures is not null)
            Directory.CreateDirectory(pictures);
        using Process process = await NodePackages.StartScriptAsync("browse.mjs", [], cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(new { Browser = Find(), Pictures = pictures, Expand = expand, Pages = pages }, JsonSerializerOptions.Web));
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<IReadOnlyList<PageVisit>>(await output, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"The browser could not look at the pages: {await errors}");
    }

    private static string Find() =>
        Environment.GetEnvironmentVariable(ProgramVariable)
        ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Programs.Select(program => Path.Combine(folder, program))).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"There is no Chromium, and the tests look at pages in one. Install it (`apt-get install -y chromium` as root), or name its program in {ProgramVariable}.");
}
