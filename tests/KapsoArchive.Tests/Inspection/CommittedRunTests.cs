using System.Text;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Inspection.Reports;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Inspection.Verification;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection;

/// <summary>Whoever reads a committed run gets the same error for the same damage, and reads no more than it needs.</summary>
public sealed class CommittedRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FolderStore Store => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("deleted", "is missing")]
    [InlineData("cut", "is not as long as the manifest says")]
    public async Task Show_and_report_describe_a_damaged_part_alike(string damage, string problem)
    {
        (Manifest manifest, string conversation) = await ArchiveAsync();
        string part = Damage(manifest, damage);

        StoreException shown = await Should.ThrowAsync<StoreException>(
            () => new ConversationHistories(Store).ReadAsync(new HistoryRequest(conversation, 10), Cancellation));
        string report = await ReportAsync(manifest.RunId);

        shown.Message.ShouldBe($"{part} of {Store.Location} {problem}. Find out more with `kapso-archive verify`.");
        report.ShouldContain($"{part} {problem}.");
    }

    [Theory]
    [InlineData("deleted", "is missing")]
    [InlineData("cut", "has the SHA-256 ")]
    public async Task Verify_and_the_rebuild_of_the_index_describe_a_damaged_part_alike(string damage, string problem)
    {
        (Manifest manifest, _) = await ArchiveAsync();
        string part = Damage(manifest, damage);

        VerificationReport report = await VerificationContract.VerifyAsync(Store);
        StoreException rebuild = await Should.ThrowAsync<StoreException>(() => VerificationContract.VerifyAsync(Store, rebuild: true));

        report.Findings.ShouldContain(f => f.Path == part && f.Problem.StartsWith(problem));
        rebuild.Message.ShouldStartWith($"{part} of {Store.Location} {problem}");
        rebuild.Message.ShouldEndWith(", so the index cannot be rebuilt from it. Restore it from a backup.");
    }

    [Fact]
    public async Task Show_and_the_rebuild_describe_a_damaged_manifest_alike()
    {
        (Manifest manifest, string conversation) = await ArchiveAsync();
        string name = Layout.Manifest(manifest.RunId);
        await File.WriteAllTextAsync(_folder.File(name), (await File.ReadAllTextAsync(_folder.File(name), Cancellation))
            .Replace($"\"run_id\": \"{manifest.RunId}\"", "\"run_id\": \"20261101T020000Z-0000abcd\""), Cancellation);

        StoreException shown = await Should.ThrowAsync<StoreException>(
            () => new ConversationHistories(Store).ReadAsync(new HistoryRequest(conversation, 10), Cancellation));
        VerificationReport report = await VerificationContract.VerifyAsync(Store);

        const string Problem = "contains the manifest of run 20261101T020000Z-0000abcd";
        shown.Message.ShouldBe($"{name} of {Store.Location} {Problem}. Find out more with `kapso-archive verify`.");
        report.Findings.ShouldContain(f => f.Path == name && f.Problem == Problem);
    }

    [Fact]
    public async Task The_history_of_one_conversation_reads_few_bytes_of_the_parts()
    {
        (Manifest manifest, string conversation) = await ArchiveAsync();
        (IStore store, FileReads reads) = FileReads.Of(Store);

        await new ConversationHistories(store).ReadAsync(new HistoryRequest(conversation, 10), Cancellation);

        long parquet = manifest.Files.Where(f => f.Dataset == Datasets.Messages.Name).Sum(f => f.Bytes);
        reads.Files.Keys.ShouldAllBe(name => name.StartsWith("messages/", StringComparison.Ordinal));
        reads.Files.Values.Sum(f => f.Bytes).ShouldBeLessThan(parquet / 2);
    }

    [Fact]
    public async Task A_report_reads_only_the_counted_columns()
    {
        (Manifest manifest, _) = await ArchiveAsync();
        (IStore store, FileReads reads) = FileReads.Of(Store);

        await ReportAsync(manifest.RunId, store);

        long parquet = manifest.Files.Where(f => f.Dataset == Datasets.Messages.Name).Sum(f => f.Bytes);
        reads.Files.Keys.ShouldAllBe(name => name.StartsWith("messages/", StringComparison.Ordinal));
        reads.Files.Values.Sum(f => f.Bytes).ShouldBeLessThan(parquet / 2);
    }

    [Fact]
    public async Task Verify_opens_a_part_for_its_bytes_for_the_index_and_for_its_footer()
    {
        (Manifest manifest, _) = await ArchiveAsync();
        (IStore store, FileReads reads) = FileReads.Of(Store);

        (await VerificationContract.VerifyAsync(store)).Findings.ShouldBeEmpty();

        foreach (ManifestFile part in manifest.Files.Where(f => f.Dataset != Datasets.Conversations.Name))
        {
            (int opened, long bytes) = reads.Files[part.Path];
            bool isInIndexToo = part.Dataset == Datasets.Messages.Name; // Both formats contain the same rows.
            opened.ShouldBe(isInIndexToo ? 3 : 1, part.Path); // The Delta table has bounds of the footer.
            bytes.ShouldBeLessThan(isInIndexToo ? 3 * part.Bytes : part.Bytes + 1, part.Path); // Footers are read again.
        }
    }

    private async Task<(Manifest Manifest, string Conversation)> ArchiveAsync()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 40, Messages = 4_000 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, new Core.Archive.RunLimits { RowGroupRows = 200 });
        Manifest manifest = await harness.RunAsync();
        return (manifest, sandbox.Data.Conversations.First(c => c.MessageCount > 0).Id);
    }

    private string Damage(Manifest manifest, string damage)
    {
        string part = manifest.Files.First(f => f.Dataset == Datasets.Messages.Name).Path;
        if (damage == "deleted")
            File.Delete(_folder.File(part));
        else
            File.WriteAllBytes(_folder.File(part), File.ReadAllBytes(_folder.File(part))[..^1]);
        return part;
    }

    private async Task<string> ReportAsync(string runId, IStore? store = null)
    {
        store ??= Store;
        ReadOnlyMemory<byte>? page = await new RunReports(store, new ArchiveStatus(store, TimeProvider.System)).TryPageAsync(runId, Cancellation);
        return Encoding.UTF8.GetString(page.ShouldNotBeNull().Span);
    }
}
