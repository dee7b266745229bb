using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions;

/// <summary>What is deployed: all that the platform needs, and nothing that belongs to this machine or the tests.</summary>
public sealed class PublishedFolderTests
{
    private const long LargestSize = 60 * 1_024 * 1_024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("host.json")]
    [InlineData("functions.metadata")]
    [InlineData("worker.config.json")]
    [InlineData("extensions.json")]
    [InlineData("KapsoArchive.Functions.dll")]
    [InlineData("KapsoArchive.Functions.runtimeconfig.json")]
    [InlineData(".azurefunctions/function.deps.json")]
    [InlineData(".azurefunctions/Microsoft.Azure.WebJobs.Extensions.Storage.Queues.dll")]
    public async Task The_published_folder_has_what_the_platform_needs(string file) => new FileInfo(Path.Combine(await PublishedApp.FolderAsync(Cancellation), file)).ShouldSatisfyAllConditions(
        f => f.Exists.ShouldBeTrue(),
        f => f.Length.ShouldBeGreaterThan(0));

    [Fact]
    public async Task The_host_reads_the_file_at_the_repositorys_root() =>
        (await File.ReadAllBytesAsync(Path.Combine(await PublishedApp.FolderAsync(Cancellation), "host.json"), Cancellation)).ShouldBe(await File.ReadAllBytesAsync(Repository.File("host.json"), Cancellation));

    [Fact]
    public async Task Every_extension_is_at_its_declared_path()
    {
        string folder = await PublishedApp.FolderAsync(Cancellation);
        JsonElement[] extensions = [.. JsonElement.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "extensions.json"), Cancellation)).GetProperty("extensions").EnumerateArray()];

        extensions.Select(e => e.GetProperty("name").GetString()).ShouldContain("AzureStorageQueues");
        foreach (JsonElement extension in extensions)
            File.Exists(Path.Combine(folder, extension.GetProperty("hintPath").GetString()!)).ShouldBeTrue(extension.GetRawText());
    }

    [Fact]
    public async Task No_local_setting_and_nothing_of_the_tests_is_deployed()
    {
        string[] files = [.. Directory.EnumerateFiles(await PublishedApp.FolderAsync(Cancellation), "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f))];

        files.Where(f => f.StartsWith("local.settings", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        files.Where(f => f.Contains("Sandbox", StringComparison.OrdinalIgnoreCase) || f.Contains("Tests", StringComparison.OrdinalIgnoreCase) || f.Contains("FunctionsHost", StringComparison.OrdinalIgnoreCase)
            || f.Contains("DuckDB", StringComparison.OrdinalIgnoreCase) || f.Contains("xunit", StringComparison.OrdinalIgnoreCase) || f.Contains("kapso-archive", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        files.Where(f => f.StartsWith("KapsoArchive.", StringComparison.Ordinal) && f.EndsWith(".dll", StringComparison.Ordinal)).ShouldBe(
            ["KapsoArchive.Api.dll", "KapsoArchive.Core.dll", "KapsoArchive.Functions.dll", "KapsoArchive.Telemetry.dll"], ignoreOrder: true);
    }

    [Fact]
    public async Task It_is_compiled_ahead_for_Linux_and_stays_small()
    {
        string folder = await PublishedApp.FolderAsync(Cancellation);
        long size = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        TestContext.Current.TestOutputHelper!.WriteLine($"{size} bytes");

        size.ShouldBeLessThan(LargestSize);
        new FileInfo(Path.Combine(folder, "KapsoArchive.Core.dll")).Length.ShouldBeGreaterThan(
            2 * new FileInfo(Path.Combine(AppContext.BaseDirectory, "KapsoArchive.Core.dll")).Length, "with machine code the assembly is larger than without");
    }
}
