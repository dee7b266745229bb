using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Verification;

/// <summary>What a verification promises, wherever the archive lies.</summary>
public abstract class VerificationContract : IDisposable
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_archive_of_three_runs_that_added_changed_and_removed_is_sound()
    {
        IStore store = await OpenAsync();
        IReadOnlyList<Manifest> runs = await MovedArchive.OfThreeRunsAsync(store);

        VerificationReport report = await VerifyAsync(store);

        report.Findings.ShouldBeEmpty();
        report.Sound.ShouldBeTrue();
        report.Remarks.ShouldBeEmpty();
        ManifestFile[] files = [.. runs.SelectMany(r => r.Files)];
        (report.Checked.Manifests, report.Checked.Files, report.Checked.Rows, report.Checked.Bytes).ShouldBe((3, files.Length, files.Sum(f => f.Rows), files.Sum(f => f.Bytes)));
        RowTotals[] rows = [.. runs.Select(r => r.Totals.Rows)];
        (report.Checked.Conversations, report.Checked.Messages).ShouldBe((6, rows.Sum(r => r.Added - r.Removed)));
        (await VerifyAsync(store, runs[1].RunId[..^1])).Sound.ShouldBeTrue();
    }

    [Theory]
    [InlineData(PartFormat.Parquet, PartFormat.Jsonl)]
    [InlineData(PartFormat.Jsonl)]
    [InlineData(PartFormat.Parquet)]
    public async Task The_index_rebuilt_from_the_parts_is_byte_for_byte_the_original(params PartFormat[] formats)
    {
        IStore store = await OpenAsync();
        await using MovedArchive archive = await MovedArchive.BeginAsync(store, new SandboxOptions { Conversations = 40, Messages = 900, MalformedShare = 0.03 }, formats);

        await archive.LiveAsync(async run => (await VerifyAsync(store)).Findings.ShouldBeEmpty(run.RunId));

        IReadOnlyDictionary<string, byte[]> written = await IndexAsync(store);
        written.Count.ShouldBeGreaterThan(1);
        foreach (string name in written.Keys)
            await store.DeleteAsync(new StorePath(StoreArea.State, name), Cancellation);
        await ShouldBeRebuiltAsync(store, written, "deleted");
        foreach (string name in written.Keys)
            await StoreDocuments.OverwriteAsync(store, new StorePath(StoreArea.State, name), "damaged"u8.ToArray(), Cancellation);
        await ShouldBeRebuiltAsync(store, written, "damaged");
        await store.ReplaceAsync(new StorePath(StoreArea.State, "index/leaves/nobodys"), "stray"u8.ToArray(), null, Cancellation);
        await ShouldBeRebuiltAsync(store, written, "with a leaf too many");
    }

    [Fact]
    public async Task An_outdated_index_is_found_with_the_differing_conversations_and_can_be_rebuilt()
    {
        IStore store = await OpenAsync();
        await using MovedArchive archive = await MovedArchive.BeginAsync(store, new SandboxOptions { Conversations = 6, Messages = 120 });
        await archive.RunAsync(full: false);
        IReadOnlyDictionary<string, byte[]> stale = await IndexAsync(store);
        archive.Move();
        Manifest second = await archive.RunAsync(full: true);
        IReadOnlyDictionary<string, byte[]> written = await IndexAsync(store);
        foreach ((string name, byte[] content) in stale)
            await StoreDocuments.OverwriteAsync(store, new StorePath(StoreArea.State, name), content, Cancellation);

        VerificationReport report = await VerifyAsync(store);

        string[] problems = [.. report.Findings.Where(f => f.Path == "index/catalog").Select(f => f.Problem)];
        problems.ShouldContain(p => p.Contains($"but the newest committed run is {second.RunId}"));
        problems.ShouldContain(p => p.Contains("disagrees with the parts of conversations "));
        report.Findings.ShouldAllBe(f => f.Path.StartsWith("index/") && f.Action.Contains("--rebuild-index"));
        await ShouldBeRebuiltAsync(store, written, "stale");
    }

    [Fact]
    public async Task Nothing_is_verified_while_a_run_is_under_way()
    {
        IStore store = await OpenAsync();
        await MovedArchive.OfThreeRunsAsync(store);
        await using StoreLock held = await store.LockAsync(ArchiveLock.Path, ArchiveLock.Run("cli"), Cancellation);

        (await Should.ThrowAsync<StoreLockedException>(() => VerifyAsync(store))).Message.ShouldContain("an archive run started by cli");
    }

    [Fact]
    public async Task A_place_without_an_archive_is_reported_and_not_changed()
    {
        IStore store = await OpenAsync();
        await store.PrepareAsync(Cancellation);

        (await Should.ThrowAsync<SettingException>(() => VerifyAsync(store))).Message.ShouldStartWith($"There is no archive at {store.Location}: ");

        (await store.ListAsync(StoreArea.State, "", Cancellation).ToListAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_killed_at_any_step_is_a_remark_and_not_a_finding()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 30 }, cancellationToken: Cancellation);
        HashSet<string> remarks = [];
        for (int failAt = 1; ; failAt++)
        {
            IStore store = await OpenAsync();
            await using var first = new RunHarness(sandbox.BaseUrl, store);
            await first.RunAsync();
            sandbox.Listings.Moving(sandbox.Data.Conversations[1].Id).InsertNewest();
            await using var killed = new RunHarness(sandbox.BaseUrl, new FailingStore(store, failAt, recovers: false));
            bool failed = false;
            try
            {
                await killed.RunAsync();
            }
            catch (Exception e) when (e is StoreException or SettingException)
            {
                failed = true;
            }

            VerificationReport report = await VerifyAsync(store);
            report.Findings.ShouldBeEmpty($"killed at call {failAt}");
            remarks.UnionWith(report.Remarks.Select(r => r.Contains("is being published") ? "published" : r.Contains("publication is not finished") ? "committed" : r.Contains("is unfinished") ? "unfinished" : r));
            await using var next = new RunHarness(sandbox.BaseUrl, store);
            await next.RunAsync();
            VerificationReport after = await VerifyAsync(store);
            after.Findings.ShouldBeEmpty($"killed at call {failAt}, and finished by the next");
            after.Remarks.ShouldBeEmpty();
            if (!failed)
                break;
        }

        remarks.ShouldContain("published");
        remarks.ShouldContain("committed");
        remarks.ShouldContain("unfinished");
    }

    internal static Task<VerificationReport> VerifyAsync(IStore store, string? run = null, bool rebuild = false) =>
        new ArchiveVerification(store, TimeProvider.System).VerifyAsync(new VerificationRequest(run, rebuild), new VerificationTracker(), Cancellation);

    protected static async Task<IReadOnlyDictionary<string, byte[]>> IndexAsync(IStore store)
    {
        Dictionary<string, byte[]> documents = new(StringComparer.Ordinal);
        await foreach (StoredFile file in store.ListAsync(StoreArea.State, "index/", Cancellation))
            documents.Add(file.Path.Name, (await store.ReadAsync(file.Path, Cancellation))!.Content.ToArray());
        documents.ShouldContainKey(ArchiveIndex.CatalogPath.Name);
        return documents;
    }

    protected abstract Task<IStore> OpenAsync();

    protected virtual void Dispose(bool disposing)
    {
    }

    private static async Task ShouldBeRebuiltAsync(IStore store, IReadOnlyDictionary<string, byte[]> written, string what)
    {
        VerificationReport report = await VerifyAsync(store, rebuild: true);

        report.Findings.ShouldBeEmpty(what);
        report.Remarks.ShouldContain(r => r.StartsWith("The index was rebuilt from the parts, "), what);
        IReadOnlyDictionary<string, byte[]> rebuilt = await IndexAsync(store);
        rebuilt.Keys.ShouldBe(written.Keys, ignoreOrder: true, what);
        foreach ((string name, byte[] content) in written)
            rebuilt[name].ShouldBe(content, $"{what}: {name}");
    }
}
