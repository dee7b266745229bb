using System.Security.Cryptography;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Kills;

/// <summary>Compares an archive at rest with the truth, run after run: what is committed never changes, so each file is read once.</summary>
internal sealed class ArchiveAudit(KillPlace place) : IDisposable
{
    private static readonly StorePath Lock = new(StoreArea.State, "lock");
    private static readonly StorePath Latest = new(StoreArea.State, "latest.json");

    private readonly VersionLog _log = new();
    private readonly SortedDictionary<string, Manifest> _manifests = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private ManifestPrevious? _newest;

    /// <summary>The runs that are committed as far as is known.</summary>
    public HashSet<string> Committed => [.. _manifests.Keys];

    public long Versions => _log.Count;

    public async Task CheckAsync(Dictionary<(string Conversation, string Id), (string? Status, long? UpdatedAt, string? Content)> truth, string when, CancellationToken cancellationToken)
    {
        string[] visible = await NamesAsync(StoreArea.Data, "", cancellationToken);
        foreach (string name in visible.Where(n => n.StartsWith("_manifests/", StringComparison.Ordinal)).Where(n => !_files.Contains(n)))
            await AddAsync(name, when, cancellationToken);

        visible.Where(n => !_files.Contains(n)).ShouldBe(await LogsAsync(when, cancellationToken), ignoreOrder: true, $"{when}: visible, and in no manifest");
        _files.Except(visible).ShouldBeEmpty($"{when}: in a manifest, and not visible");
        LatestPointer latest = LatestPointer.FromJson((await place.Store.ReadAsync(Latest, cancellationToken)).ShouldNotBeNull(when).Content.Span);
        new ManifestPrevious(latest.RunId, latest.Sha256).ShouldBe(_newest, when);
        (await NamesAsync(StoreArea.State, "journal/", cancellationToken)).ShouldBeEmpty(when);
        (await place.Store.ReadLockAsync(Lock, cancellationToken)).ShouldBeNull(when);
        place.Staged().ShouldBeEmpty(when);
        place.Violations.ShouldBeEmpty(when);
        await CheckRecordsAsync(when, cancellationToken);
        _log.ShouldBeSound(when);
        _log.ShouldBe(truth, when);
    }

    /// <summary>What takes longer, for the end: both formats say the same, and the index is the one that the parts give.</summary>
    public async Task CheckAllAsync(CancellationToken cancellationToken)
    {
        string folder = await place.DataAsync([.. _files], cancellationToken);
        _log.ShouldBeTheSameIn([.. Paths(_manifests.Values, folder, Datasets.MessagesJsonl)]);
        IndexCatalog catalog = (await ArchiveIndex.ReadAsync(place.Store, cancellationToken)).Catalog;
        IndexCatalog rebuilt = await new IndexRebuild(place.Store).FoldAsync(
            leaf => Task.FromResult(IndexLeaf.NameOf(IndexLeaf.ToBytes(leaf))), cancellationToken);
        rebuilt.ToBytes().ShouldBe(catalog.ToBytes());
    }

    public void Dispose() => _log.Dispose();

    private static IEnumerable<string> Paths(IEnumerable<Manifest> manifests, string folder, string dataset) =>
        manifests.SelectMany(m => m.Files).Where(f => f.Dataset == dataset).Select(f => Path.Combine(folder, f.Path));

    private async Task AddAsync(string name, string when, CancellationToken cancellationToken)
    {
        byte[] json = (await place.Store.ReadAsync(new StorePath(StoreArea.Data, name), cancellationToken))!.Content.ToArray();
        Manifest manifest = Manifest.FromJson(json);
        manifest.Previous.ShouldBe(_newest, $"{when}: the chain of manifests");
        manifest.Status.ShouldBe("Succeeded", when);
        string folder = await place.DataAsync([.. manifest.Files.Select(f => f.Path)], cancellationToken);
        foreach (ManifestFile file in manifest.Files)
        {
            byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(folder, file.Path), cancellationToken);
            (bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(bytes))).ShouldBe((file.Bytes, file.Sha256), $"{when}: {file.Path}");
            _files.Add(file.Path).ShouldBeTrue($"{when}: {file.Path} is in two manifests");
        }

        foreach (string part in Paths([manifest], folder, Datasets.Messages.Name))
            _log.Add(part);
        _files.Add(name);
        _manifests.Add(manifest.RunId, manifest);
        _newest = new ManifestPrevious(manifest.RunId, Convert.ToHexStringLower(SHA256.HashData(json)));
    }

    /// <summary>The files of the Delta tables' logs, which agree with the manifests.</summary>
    private async Task<IEnumerable<string>> LogsAsync(string when, CancellationToken cancellationToken)
    {
        var notes = new VerificationNotes();
        StoredManifest[] manifests = await new CommittedRuns(place.Store).ReadAllAsync(upTo: null, cancellationToken).ToArrayAsync(cancellationToken);
        var check = new DeltaCheck(place.Store, manifests, [], new HashSet<string>(), notes);
        await check.CheckAsync(readsLogs: true, cancellationToken);
        notes.Findings.ShouldBeEmpty(when);
        return check.Known;
    }

    /// <summary>Whoever asks is told of no run that it is still under way.</summary>
    private async Task CheckRecordsAsync(string when, CancellationToken cancellationToken)
    {
        var records = new ProgressDocuments(place.Store);
        foreach (string id in (await records.ListAsync(cancellationToken)).Where(_told.Add))
        {
            RunStatus[] expected = _manifests.ContainsKey(id) ? [RunStatus.Succeeded] : [RunStatus.Failed, RunStatus.Canceled];
            (await records.ReadAsync(id, cancellationToken)).ShouldNotBeNull(when).Status.ShouldBeOneOf(expected, $"{when}: record of {id}");
        }

        _told.IsSupersetOf(_manifests.Keys).ShouldBeTrue($"{when}: a run has no record");
    }

    private async Task<string[]> NamesAsync(StoreArea area, string prefix, CancellationToken cancellationToken) =>
        await place.Store.ListAsync(area, prefix, cancellationToken).Select(f => f.Path.Name).ToArrayAsync(cancellationToken);
}
