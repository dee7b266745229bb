using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Browser;
using KapsoArchive.Tests.Cli;

namespace KapsoArchive.Tests.Exports;

/// <summary>The files behind messages from the night to the export, whose pages need no network.</summary>
public sealed class MediaExportTests() : CliTest(new SandboxOptions { Conversations = 1, Messages = 150, IncludeSamples = false, Media = new SandboxMedia() })
{
    [Fact]
    public async Task An_export_opens_from_disk_with_pictures_and_recordings_and_no_network()
    {
        string id = await ArchiveAsync();

        CliResult result = await RunAsync("export", "--conversations", "all", "--format", "html", "--zip", "--source", "archive", "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        JsonElement manifest = JsonElement.Parse(result.Output);
        string export = Folder.File($"lake/exports/{manifest.GetProperty("run_id").GetString()}");
        string folder = Folder.File("unzipped");
        await ZipFile.ExtractToDirectoryAsync(Directory.GetFiles(export, "*.zip").Single(), folder, Cancellation);
        string page = Directory.EnumerateFiles(folder, "index.html", SearchOption.AllDirectories).Single(f => Path.GetDirectoryName(f) != folder);
        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [BrowserPage.File("media-unzipped", page) with { Offline = true }, BrowserPage.File("media-export", $"{export}/messages_html/{id}/index.html") with { Offline = true }], Cancellation);
        foreach (PageVisit visit in visits)
        {
            visit.ShouldSatisfyAllConditions(v => v.Violations.ShouldBeEmpty(), v => v.Console.ShouldBeEmpty(), v => v.Findings.ShouldBeEmpty(), v => v.Overflow.ShouldBeLessThanOrEqualTo(0));
            visit.Requests.ShouldAllBe(r => r.StartsWith("file:", StringComparison.Ordinal) || r.StartsWith("data:", StringComparison.Ordinal));
            visit.Files.Select(f => f.Kind).Distinct().ShouldBe(["img", "audio", "video"], ignoreOrder: true);
            visit.Files.ShouldAllBe(f => f.Extent > 0);
            visit.Files.ShouldBe(visits[0].Files);
        }

        Dictionary<string, string> sums = (await File.ReadAllLinesAsync($"{folder}/SHA256SUMS", Cancellation)).ToDictionary(line => line[66..], line => line[..64]);
        string[] files = [.. sums.Keys.Where(name => name.Contains("/files/", StringComparison.Ordinal))];
        files.ShouldAllBe(name => System.Text.RegularExpressions.Regex.IsMatch(name, @"/files/20\d\d-\d\d-\d\d \d{4} [^/]+\.(jpg|png|webp|ogg|mp3|mp4|pdf|vcf|bin)$"));
        foreach ((string name, string sum) in sums)
            Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync($"{folder}/{name}", Cancellation))).ShouldBe(sum, name);
        files.Select(name => sums[name]).ShouldBe(
            manifest.GetProperty("files").EnumerateArray().Where(f => f.GetProperty("dataset").GetString() == "_media").Select(f => f.GetProperty("sha256").GetString()), ignoreOrder: true);
        (await RunAsync("verify", "--export", manifest.GetProperty("run_id").GetString()!, "--out", "lake")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task An_export_leaves_files_out_on_request_and_its_pages_say_so()
    {
        string id = await ArchiveAsync();

        CliResult result = await RunAsync("export", "--conversations", "all", "--format", "html", "--media", "none", "--source", "archive", "--out", "lake", "--json");

        result.ExitCode.ShouldBe(0, result.Error);
        JsonElement manifest = JsonElement.Parse(result.Output);
        manifest.GetProperty("request").GetProperty("media").GetString().ShouldBe("none");
        manifest.GetProperty("files").EnumerateArray().ShouldNotContain(f => f.GetProperty("dataset").GetString()!.Contains("media"));
        string page = await File.ReadAllTextAsync(Folder.File($"lake/exports/{manifest.GetProperty("run_id").GetString()}/messages_html/{id}/index.html"), Cancellation);
        page.ShouldContain("The file is not in this export");
        page.ShouldNotContain("<img");
    }

    [Fact]
    public async Task The_terminal_names_the_file_of_a_message()
    {
        string id = await ArchiveAsync();

        CliResult text = await RunAsync("show", id, "--type", "image", "--last", "1", "--lake", "lake");
        JsonElement file = JsonElement.Parse((await RunAsync("show", id, "--type", "image", "--last", "1", "--lake", "lake", "--json")).Output).GetProperty("messages")[0].GetProperty("file");
        JsonElement status = JsonElement.Parse((await RunAsync("status", "--lake", "lake", "--json")).Output);

        string path = file.GetProperty("path").GetString()!;
        Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Folder.File($"lake/{path}"), Cancellation))).ShouldBe(file.GetProperty("sha256").GetString());
        text.Output.ReplaceLineEndings("").ShouldContain(path);
        text.Output.ShouldContain($"({file.GetProperty("type").GetString()} · ");
        status.GetProperty("waiting_files").GetInt64().ShouldBe(0);
    }

    /// <summary>Archives a conversation with its files, and switches everything off that they came from.</summary>
    private async Task<string> ArchiveAsync()
    {
        Settings["Archive__Media"] = "all";
        CliResult result = await RunAsync("run", "--conversations", "all", "--out", "lake", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        JsonElement.Parse(result.Output).GetProperty("totals").GetProperty("media").GetProperty("stored").GetInt64().ShouldBeGreaterThan(5);
        await Sandbox.DisposeAsync();
        Settings.Remove("Kapso__ApiKey");
        return Sandbox.Data.Conversations[0].Id;
    }
}
