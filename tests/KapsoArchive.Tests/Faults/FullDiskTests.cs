using System.Diagnostics;
using System.Globalization;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Faults;

/// <summary>
/// The program in a folder that takes no more. A limit on the size of files stands for a full disk: it needs no rights, and a write fails at the
/// same places.
/// </summary>
public sealed class FullDiskTests : CliTest
{
    private const string Archive = "archive";

    [Fact]
    public async Task A_full_disk_ends_the_run_with_one_sentence_and_nothing_visible()
    {
        CliResult run = await RunLimitedAsync(kilobytes: 12);

        run.ExitCode.ShouldBe(1, run.Error);
        string[] sentences = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        sentences[0].ShouldMatch(@"^The limit on file sizes is too low for \S+/_state/staging/\S+, which needs [0-9,]+ bytes more while [0-9,]+ bytes are free: raise it \(`ulimit -f`\), or choose another folder\.$");
        run.Error.ShouldNotContain("Unexpected");
        Visible(Archive).ShouldBeEmpty();
        Directory.EnumerateFiles(Folder.File($"{Archive}/_state/staging"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
        CliResult next = await RunAsync("run", "--conversations", "all", "--out", Archive);
        next.ExitCode.ShouldBe(0, next.Error);
        (await RunAsync("verify", "--out", Archive)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_disk_that_is_full_at_the_start_is_an_unusable_destination()
    {
        CliResult run = await RunLimitedAsync(kilobytes: 0);

        run.ExitCode.ShouldBe(2, run.Error);
        run.Error.ShouldStartWith("The destination (--out, Archive:Destination or Archive:ConnectionString) cannot be used: The limit on file sizes is too low for ");
        run.Error.ShouldContain(" which needs 38 bytes more while ");
        Visible(Archive).ShouldBeEmpty();
        Directory.EnumerateFiles(Folder.File($"{Archive}/_state/staging"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private async Task<CliResult> RunLimitedAsync(int kilobytes)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no limit on the size of files.");
        var start = new ProcessStartInfo("/bin/bash")
        {
            WorkingDirectory = Folder.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string program = Path.Combine(AppContext.BaseDirectory, "kapso-archive.dll");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(string.Create(
            CultureInfo.InvariantCulture, $"trap '' XFSZ; ulimit -f {kilobytes}; exec dotnet '{program}' run --quiet --conversations all --out {Archive}"));
        foreach ((string name, string value) in Settings)
            start.Environment[name] = value;
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // The runtime itself would map a large file.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using Process process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience.Limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new CliResult(process.ExitCode, await output, await error);
    }
}
