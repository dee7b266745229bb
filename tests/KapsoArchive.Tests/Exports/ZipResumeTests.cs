using System.IO.Compression;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;
using KapsoArchive.Tests.Sweeps;

namespace KapsoArchive.Tests.Exports;

/// <summary>An export with every format and a zip that breaks off at any of its files: it goes on from what was read, or leaves nothing.</summary>
public sealed class ZipResumeTests
{
    private static readonly SandboxOptions World = new() { Conversations = 3, Messages = 90, MalformedShare = 0.03 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broken_off_at_any_file_it_is_resumed_or_leaves_nothing()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        foreach (string method in (string[])[nameof(IStore.StageAsync), nameof(IStore.RevealAsync)])
        {
            bool hasFailed = true;
            for (int failAt = 1; hasFailed; failAt += Samples.Count(6, 1))
                hasFailed = await ResumeAsync(sandbox, method, failAt);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(13)]
    public async Task On_the_command_line_a_failed_export_leaves_nothing(int failAt)
    {
        using var folder = new TemporaryFolder();
        var store = new FolderStore(folder.Path);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FailingStore(store, failAt, recovers: true) { Counts = nameof(IStore.StageAsync) });

        await Should.ThrowAsync<StoreException>(() => harness.ExportAsync(Request));

        (await store.ListAsync(StoreArea.Exports, "", Cancellation).CountAsync(Cancellation)).ShouldBe(0, "the parts are taken back");
    }

    [Fact]
    public async Task A_changed_byte_of_the_zip_or_the_workbook_is_found()
    {
        using var folder = new TemporaryFolder();
        var store = new FolderStore(folder.Path);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);
        Manifest manifest = await harness.ExportAsync(Request);
        (await VerifyAsync(store, manifest.RunId)).Findings.ShouldBeEmpty();

        var random = new Random((int)Schedules.Seed);
        foreach (ManifestFile file in manifest.Files.Where(f => f.Dataset is "zip" or "messages_xlsx" or "conversations_csv" or "conversations_jsonl"))
        {
            string path = folder.File($"exports/{manifest.RunId}/{file.Path}");
            byte[] sound = await File.ReadAllBytesAsync(path, Cancellation);
            byte[] damaged = [.. sound];
            damaged[random.Next(sound.Length)] ^= (byte)random.Next(1, 256);
            await File.WriteAllBytesAsync(path, damaged, Cancellation);
            (await VerifyAsync(store, manifest.RunId)).Findings.ShouldAllBe(f => f.Path == file.Path);
            (await VerifyAsync(store, manifest.RunId)).Sound.ShouldBeFalse();
            File.Delete(path);
            (await VerifyAsync(store, manifest.RunId)).Findings.ShouldHaveSingleItem().Problem.ShouldBe("is missing, but manifest.json names it");
            await File.WriteAllBytesAsync(path, sound, Cancellation);
        }
    }

    [Theory]
    [InlineData(PartFormat.Csv)]
    [InlineData(PartFormat.Jsonl)]
    [InlineData(PartFormat.Xlsx)]
    [InlineData(PartFormat.Html)]
    [InlineData(PartFormat.Parquet)]
    public async Task An_export_without_messages_has_all_its_files_with_their_headers(PartFormat format)
    {
        using var folder = new TemporaryFolder();
        var store = new FolderStore(folder.Path);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);

        Manifest manifest = await harness.ExportAsync(Request with { Formats = [format], Range = new TimeRange(null, new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)) });

        (await VerifyAsync(store, manifest.RunId)).Findings.ShouldBeEmpty();
        using ZipArchive zip = await ZipFile.OpenReadAsync(folder.File($"exports/{manifest.RunId}/{manifest.Files.Single(f => f.Dataset == Datasets.Zip).Path}"), Cancellation);
        string[] own = format switch
        {
            PartFormat.Csv => ["conversations.csv", "messages.csv"],
            PartFormat.Jsonl => ["conversations.jsonl.gz", "messages.jsonl.gz"],
            PartFormat.Xlsx => ["messages.xlsx"],
            PartFormat.Html => ["index.html"],
            _ => ["conversations.parquet", "messages.parquet"],
        };
        zip.Entries.Select(e => e.FullName).Where(n => !n.Contains('/') && n != "rejected.jsonl").ShouldBe([.. own, "SHA256SUMS", "manifest.json"], ignoreOrder: true);
        if (format == PartFormat.Csv)
            Rfc4180.Read(await new StreamReader(zip.GetEntry("messages.csv")!.Open()).ReadToEndAsync(Cancellation)).ShouldHaveSingleItem().ShouldBe(Datasets.Messages.Columns.Select(c => c.Name));
        if (format == PartFormat.Xlsx)
        {
            using var workbook = new MemoryStream();
            await zip.GetEntry("messages.xlsx")!.Open().CopyToAsync(workbook, Cancellation);
            new WorkbookFile(workbook.ToArray()).Rows("Messages").ShouldHaveSingleItem().ShouldContain("content");
        }
    }

    private static RunRequest Request => new()
    {
        Kind = RunKind.Export,
        Conversations = ConversationSelection.All,
        Formats = [PartFormat.Parquet, PartFormat.Jsonl, PartFormat.Csv, PartFormat.Html, PartFormat.Xlsx],
        Trigger = "http",
        Zip = true,
    };

    /// <returns>Whether there was a call to fail at.</returns>
    private static async Task<bool> ResumeAsync(SandboxServer sandbox, string method, int failAt)
    {
        using var folder = new TemporaryFolder();
        var store = new FolderStore(folder.Path);
        var failing = new FailingStore(store, failAt, recovers: true) { Counts = method };
        await using var broken = new RunHarness(sandbox.BaseUrl, failing);
        string id = (await broken.Exports.CreateAsync(Request, operationId: null, Cancellation)).RunId;
        await broken.Worker.HandleAsync(new RunMessage(id, RunKind.Export), Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, store, time: new ShiftedTime(DateTimeOffset.UtcNow.AddMinutes(1))); // The next attempt is due.

        await harness.Worker.HandleAsync(new RunMessage(id, RunKind.Export), Cancellation);

        Manifest manifest = (await harness.Exports.ManifestAsync(id, Cancellation)).ShouldNotBeNull($"{method} {failAt}");
        (await VerifyAsync(store, id)).Findings.ShouldBeEmpty($"{method} {failAt}");
        (await store.ListAsync(StoreArea.Exports, "", Cancellation).CountAsync(Cancellation)).ShouldBe(
            manifest.Files.Count + 2, "the manifest and the list of hashes");
        using ZipArchive zip = await ZipFile.OpenReadAsync(folder.File($"exports/{id}/{manifest.Files.Single(f => f.Dataset == Datasets.Zip).Path}"), Cancellation);
        zip.Entries.Count.ShouldBe(manifest.Files.Count + 1, "every file but the zip, the manifest and the sums");
        return failing.Calls >= failAt;
    }

    private static async Task<VerificationReport> VerifyAsync(FolderStore store, string id) =>
        (await new ExportVerification(store, TimeProvider.System).VerifyAsync(id, new VerificationTracker(), Cancellation)).Report;
}
