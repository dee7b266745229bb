using System.Diagnostics;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Exports;

/// <summary>An export can be checked without this program.</summary>
public sealed class HashListTests() : CliTest(new SandboxOptions { Conversations = 5, Messages = 200, Media = new SandboxMedia() })
{
    [Fact]
    public async Task Plain_sha256sum_checks_every_file_of_an_export()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sha256sum is a program of Linux.");
        Settings["Archive__Media"] = "all";
        CliResult export = await RunAsync("export", "--conversations", "all", "--format", "parquet,csv,html", "--zip", "--out", "lake");
        export.ExitCode.ShouldBe(0, export.Error);
        string folder = Directory.GetDirectories(Folder.File("lake/exports")).Single();
        string id = Path.GetFileName(folder);
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f))
            .Where(f => f != "SHA256SUMS").Order(StringComparer.Ordinal)];

        string[] lines = await File.ReadAllLinesAsync(Path.Combine(folder, "SHA256SUMS"), Cancellation);

        lines.Select(l => l[66..]).ShouldBe(files);
        files.ShouldContain("manifest.json");
        files.ShouldContain(f => f.StartsWith("_media/", StringComparison.Ordinal));
        (await SumsAsync(folder)).ShouldBe(0);
        (await RunAsync("verify", "--export", id, "--lake", "lake")).ExitCode.ShouldBe(0);

        foreach (string file in (string[])[files[0], "manifest.json"])
        {
            byte[] before = await File.ReadAllBytesAsync(Path.Combine(folder, file), Cancellation);
            await File.WriteAllBytesAsync(Path.Combine(folder, file), [.. before, 0x20], Cancellation);
            (await SumsAsync(folder)).ShouldBe(1);
            (await RunAsync("verify", "--export", id, "--lake", "lake")).ExitCode.ShouldBe(3, file);
            await File.WriteAllBytesAsync(Path.Combine(folder, file), before, Cancellation);
        }

        string sums = Path.Combine(folder, "SHA256SUMS");
        await File.WriteAllLinesAsync(sums, lines[1..], Cancellation);
        CliResult edited = await RunAsync("verify", "--export", id, "--lake", "lake");
        (edited.ExitCode, edited.Output.Contains("SHA256SUMS", StringComparison.Ordinal)).ShouldBe((3, true), edited.Output);
        File.Delete(sums);
        (await RunAsync("verify", "--export", id, "--lake", "lake")).ExitCode.ShouldBe(0, "exports of earlier versions have no list");
    }

    /// <returns>The exit code of <c>sha256sum -c</c>.</returns>
    private static async Task<int> SumsAsync(string folder)
    {
        var start = new ProcessStartInfo("sha256sum", ["-c", "--quiet", "--strict", "SHA256SUMS"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return process.ExitCode;
    }
}
