using System.Diagnostics;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Browser;

/// <summary>Looks at pages in a Chromium without a window, at 390 and 1280 pixels, in light and dark. <c>tests/node/browse.mjs</c> does
/// it.</summary>
public static class Chromium
{
    /// <summary>A folder for pictures of every page that the tests look at; without it none are taken.</summary>
    private const string PicturesVariable = "KAPSO_ARCHIVE_PICTURES";

    /// <param name="pages">What to look at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="expand">Whether to open what a page keeps closed.</param>
    /// <returns>Four visits of each page.</returns>
    /// <exception cref="OperationCanceledException">The browser hangs, or the caller gave up. It is killed.</exception>
    public static async Task<IReadOnlyList<PageVisit>> VisitAsync(IReadOnlyList<BrowserPage> pages, CancellationToken cancellationToken, bool expand = true)
    {
        string? pictures = Environment.GetEnvironmentVariable(PicturesVariable);
        if (pictures is not null)
            Directory.CreateDirectory(pictures);
        BrowserProgram browser = await BrowserProgram.FindAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit);
        using Process process = await NodePackages.StartScriptAsync("browse.mjs", [], cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(new { Browser = browser, Pictures = pictures, Expand = expand, Pages = pages }, JsonSerializerOptions.Web));
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<IReadOnlyList<PageVisit>>(await output, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"The browser could not look at the pages: {await errors}");
    }
}
