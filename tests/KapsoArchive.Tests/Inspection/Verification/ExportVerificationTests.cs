using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;
using KapsoArchive.Tests.Sweeps;

namespace KapsoArchive.Tests.Inspection.Verification;

/// <summary>Whatever is done to the files of an export is found, and the finding names the file.</summary>
public sealed class ExportVerificationTests : IAsyncLifetime
{
    private const int Flips = 60;

    private readonly TemporaryFolder _folder = new();
    private Manifest _export = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 4, Messages = 300, MalformedShare = 0.02 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path));
        _export = await harness.ExportAsync(TimeRange.All, [PartFormat.Parquet, PartFormat.Jsonl, PartFormat.Csv, PartFormat.Html, PartFormat.Xlsx], Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_export_in_every_format_is_sound()
    {
        VerificationReport report = await VerifyAsync();

        report.Findings.ShouldBeEmpty();
        report.Sound.ShouldBeTrue();
        _export.Files.Select(f => f.Dataset).Distinct().ShouldBe(["messages", "messages_jsonl", "messages_csv", "messages_html", "messages_xlsx", "conversations", "conversations_jsonl", "conversations_csv", "_rejected"], ignoreOrder: true);
        (report.Checked.Manifests, report.Checked.Files, report.Checked.Bytes).ShouldBe((1, _export.Files.Count, _export.Totals.Bytes));
        (report.Checked.Conversations, report.Checked.Messages).ShouldBe((null, null), "an export has no index");
    }

    [Fact]
    public async Task A_byte_flipped_anywhere_is_found()
    {
        var random = new Random((int)Schedules.Seed);
        string[] names = [.. _export.Files.Select(f => f.Path)];
        for (int flip = 0; flip < Flips; flip++)
        {
            string name = names[flip % names.Length];
            byte[] sound = await File.ReadAllBytesAsync(PathOf(name), Cancellation);
            byte[] damaged = [.. sound];
            damaged[random.Next(sound.Length)] ^= (byte)random.Next(1, 256);
            await File.WriteAllBytesAsync(PathOf(name), damaged, Cancellation);

            VerificationReport report = await VerifyAsync();

            report.Findings.ShouldAllBe(f => f.Path == name && f.Action == "Restore it from a copy of the export, or export again.", $"flip {flip}");
            report.Sound.ShouldBeFalse();
            await File.WriteAllBytesAsync(PathOf(name), sound, Cancellation);
        }
    }

    [Fact]
    public async Task A_missing_or_truncated_file_is_found()
    {
        foreach (string name in _export.Files.Select(f => f.Path))
        {
            byte[] sound = await File.ReadAllBytesAsync(PathOf(name), Cancellation);
            await File.WriteAllBytesAsync(PathOf(name), sound[..^1], Cancellation);
            (await VerifyAsync()).Findings.ShouldContain(f => f.Path == name && f.Problem.Contains("bytes long"), name);

            File.Delete(PathOf(name));
            (await VerifyAsync()).Findings.ShouldContain(f => f.Path == name && f.Problem == "is missing, but manifest.json names it", name);
            await File.WriteAllBytesAsync(PathOf(name), sound, Cancellation);
        }
    }

    [Fact]
    public async Task A_file_that_the_manifest_does_not_name_is_found()
    {
        await File.WriteAllTextAsync(PathOf("messages/more.parquet"), "stray", Cancellation);

        Finding finding = (await VerifyAsync()).Findings.ShouldHaveSingleItem();

        (finding.Path, finding.Problem).ShouldBe(("messages/more.parquet", "is not named by the manifest"));
    }

    [Fact]
    public async Task A_manifest_with_wrong_counts_or_outside_paths_is_found()
    {
        ManifestFile csv = _export.Files.Single(f => f.Dataset == "messages_csv");
        await File.WriteAllBytesAsync(PathOf("manifest.json"), (_export with { Totals = _export.Totals with { Rows = _export.Totals.Rows with { Added = 7 } } }).ToJson(), Cancellation);
        (await VerifyAsync()).Findings.ShouldContain(f => f.Path == "manifest.json" && f.Problem.Contains("counts 7 rows of messages_csv"));

        await File.WriteAllBytesAsync(PathOf("manifest.json"), (_export with { Files = [csv with { Path = "../../_manifests/x.json" }] }).ToJson(), Cancellation);
        (await VerifyAsync()).Findings.ShouldContain(f => f.Problem.StartsWith("is not a valid path for dataset messages_csv"));
    }

    [Fact]
    public async Task A_manifest_of_another_run_or_of_no_run_is_found()
    {
        await File.WriteAllBytesAsync(PathOf("manifest.json"), (_export with { RunId = "20260101T000000Z-00000000" }).ToJson(), Cancellation);
        (await VerifyAsync()).Findings.ShouldContain(f => f.Path == "manifest.json" && f.Problem == "is the manifest of export 20260101T000000Z-00000000");

        await File.WriteAllTextAsync(PathOf("manifest.json"), "{", Cancellation);
        VerificationReport report = await VerifyAsync();
        report.Findings.ShouldHaveSingleItem().Problem.ShouldStartWith("cannot be read: ");
        report.Checked.Manifests.ShouldBe(0);
    }

    private async Task<VerificationReport> VerifyAsync()
    {
        (string id, VerificationReport report) = await new ExportVerification(new FolderStore(_folder.Path), TimeProvider.System).VerifyAsync(_export.RunId, new VerificationTracker(), Cancellation);
        id.ShouldBe(_export.RunId);
        return report;
    }

    private string PathOf(string name) => _folder.File($"exports/{_export.RunId}/{name}");
}
