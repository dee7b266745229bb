using System.Diagnostics;
using System.Text.Json;
using Azure.Storage.Blobs;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Damage;

/// <summary>What a reader of the folder would read and no manifest names is found, whatever its name.</summary>
public sealed class StrayNameTests(AzuriteServer azurite) : CliTest(new SandboxOptions { Conversations = 3, Messages = 40 })
{
    private static readonly string[] Names =
    [
        "x:y.parquet",
        ".hidden.parquet",
        "a?b.parquet",
        "a*b|c\"<d>.parquet",
        "back\\slash.parquet",
        "new\nline.parquet",
        "\u001b[31mred\u202e.parquet",
        $"{new string('l', 240)}.parquet",
        "UPPER.PARQUET",
        " .parquet",
        "ends-with-a-dot.parquet.",
        ".hidden/part.parquet",
        "deeper/part.parquet",
        "snapshot_date=2026-01-01/part.parquet",
    ];

    [Fact]
    public async Task A_forged_part_is_reported_on_one_line()
    {
        string partition = await ArchiveAsync();
        foreach (string name in Names)
            await ForgeAsync(partition, name);
        if (OperatingSystem.IsLinux())
            await ShellAsync(partition, "printf forged > \"$(printf 'bytes-\\377.parquet')\"");

        CliResult text = await RunAsync("verify", "--out", "lake");
        JsonElement json = JsonDocument.Parse((await RunAsync("verify", "--out", "lake", "--json")).Output).RootElement;

        string[] found = [.. json.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("path").GetString()!)];
        found.ShouldBe([.. Names.Select(n => $"{partition}/{n}"), .. OperatingSystem.IsLinux() ? [$"{partition}/bytes-\ufffd.parquet"] : Array.Empty<string>()], ignoreOrder: true);
        text.ExitCode.ShouldBe(3);
        string[] lines = [.. text.Output.Split('\n').Where(l => l.Contains(" is not a file of an archive", StringComparison.Ordinal))];
        lines.Length.ShouldBe(found.Length);
        lines.ShouldAllBe(l => l.Contains(partition));
        text.Output.ShouldNotContain('\u001b');
        text.Output.ShouldNotContain('\u202e');
        if (OperatingSystem.IsLinux())
            await ShellAsync(partition, "rm bytes-*"); // .NET cannot name it.
    }

    [Fact]
    public async Task A_file_beside_the_manifests_that_is_not_a_manifest_is_reported()
    {
        await ArchiveAsync();
        string manifest = Directory.GetFiles(Folder.File("lake/_manifests")).Single();
        string[] names = [".hidden.json", "zzz.json", "99991231T235959Z-00000000.json", "20261399T999999Z-00000000.json", "a:b.json"];
        foreach (string name in names)
            File.Copy(manifest, Path.Combine(Folder.File("lake/_manifests"), name));

        CliResult verify = await RunAsync("verify", "--out", "lake");
        CliResult run = await RunAsync("run", "--conversations", "all", "--out", "lake");

        verify.ExitCode.ShouldBe(3);
        run.ExitCode.ShouldBe(0, run.Error);
        foreach (string name in names)
        {
            verify.Output.ShouldContain($"_manifests/{name}");
            if (char.IsAsciiDigit(name[0]))
                run.Error.ShouldContain($"_manifests/{name} of {Folder.File("lake")} has an id that no later run id could follow, so it is skipped.");
            File.Delete(Path.Combine(Folder.File("lake/_manifests"), name));
        }

        (await RunAsync("verify", "--out", "lake")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_forged_file_of_an_export_is_reported()
    {
        (await RunAsync("export", "--conversations", "all", "--format", "parquet", "--out", "lake")).ExitCode.ShouldBe(0);
        string export = Directory.GetDirectories(Folder.File("lake/exports")).Single();
        foreach (string name in Names)
            await ForgeAsync(Path.Combine(export, "messages"), name);
        (_, VerificationReport report) = await new ExportVerification(new FolderStore(Folder.File("lake")), TimeProvider.System)
            .VerifyAsync(Path.GetFileName(export), new VerificationTracker(), Cancellation);

        report.Findings.Select(f => f.Path).ShouldBe(Names.Select(n => $"messages/{n}"), ignoreOrder: true);
    }

    [Fact]
    public async Task A_forged_blob_is_reported()
    {
        string connection = await azurite.ConnectionStringAsync(Cancellation);
        string container = azurite.NewContainerName();
        BlobStore store = BlobStore.FromConnectionString(connection, container);
        await using var harness = new RunHarness(Sandbox.BaseUrl, store);
        Manifest run = await harness.RunAsync();
        Manifest export = await harness.ExportAsync(TimeRange.All, [PartFormat.Parquet], Cancellation);
        var service = new BlobServiceClient(connection);
        string[] names = [.. Names.Where(n => n[^1] != '.' && !n.Contains('\\') && !n.Any(char.IsControl))]; // The service takes neither of the first two; the emulator cannot list the third.
        string partition = Path.GetDirectoryName(run.Files[0].Path)!.Replace('\\', '/');
        foreach (string name in names)
        {
            await service.GetBlobContainerClient(container).UploadBlobAsync($"{partition}/{name}", BinaryData.FromString("forged"), Cancellation);
            await service.GetBlobContainerClient($"{container}-exports").UploadBlobAsync($"{export.RunId}/messages/{name}", BinaryData.FromString("forged"), Cancellation);
        }

        BlobClient marked = service.GetBlobContainerClient(container).GetBlobClient($"{partition}/marked.parquet");
        await marked.UploadAsync(BinaryData.FromString("forged"), Cancellation);
        await marked.SetMetadataAsync(new Dictionary<string, string> { ["hdi_isfolder"] = "true" }, cancellationToken: Cancellation);
        await service.GetBlobContainerClient(container).UploadBlobAsync("exports/part.parquet", BinaryData.FromString("forged"), Cancellation);

        VerificationReport archive = await VerifyAsync(store);
        (_, VerificationReport exported) = await new ExportVerification(store, TimeProvider.System).VerifyAsync(export.RunId, new VerificationTracker(), Cancellation);

        archive.Findings.Select(f => f.Path).ShouldBe([.. names.Select(n => $"{partition}/{n}"), $"{partition}/marked.parquet", "exports/part.parquet"], ignoreOrder: true);
        exported.Findings.Select(f => f.Path).ShouldBe(names.Select(n => $"messages/{n}"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"run_id\":\"20261122T020000Z-1a2b3c4d\",\"kind\":\"Archive\",\"range\":{},\"started_at\":\"2026-11-22T02:00:00+00:00\",\"trigger\":\"cli\",\"formats\":[\"Parquet\"],\"full\":true,\"progress\":0,\"stalled\":0}")]
    public async Task A_journal_excuses_only_the_files_that_it_names(string head)
    {
        const string Run = "20261122T020000Z-1a2b3c4d";
        string partition = await ArchiveAsync();
        await ForgeAsync(partition, $"{Run}-00000.parquet");
        Directory.CreateDirectory(Folder.File($"lake/_state/journal/{Run}"));
        await File.WriteAllTextAsync(Folder.File($"lake/_state/journal/{Run}/run.json"), head, Cancellation);

        VerificationReport report = await VerifyAsync(new FolderStore(Folder.File("lake")));

        report.Findings.ShouldContain(f => f.Path.EndsWith($"{Run}-00000.parquet") && f.Problem == "is named by no manifest");
        if (!head.Contains(Run, StringComparison.Ordinal))
            report.Findings.ShouldContain(f => f.Path == $"journal/{Run}/run.json");
    }

    private static Task<VerificationReport> VerifyAsync(IStore store) =>
        new ArchiveVerification(store, TimeProvider.System).VerifyAsync(new VerificationRequest(null, RebuildIndex: false), new VerificationTracker(), Cancellation);

    /// <returns>The folder of the messages, within the lake.</returns>
    private async Task<string> ArchiveAsync()
    {
        (await RunAsync("run", "--conversations", "all", "--out", "lake")).ExitCode.ShouldBe(0);
        return Path.GetDirectoryName(Visible("lake").First(f => f.StartsWith("messages/", StringComparison.Ordinal)))!;
    }

    private async Task ForgeAsync(string folder, string name)
    {
        string file = Path.Combine(Folder.File("lake"), folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "forged", Cancellation);
    }

    private async Task ShellAsync(string folder, string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = Path.Combine(Folder.File("lake"), folder) })!;
        await shell.WaitForExitAsync(Cancellation);
        shell.ExitCode.ShouldBe(0);
    }
}
