using System.Globalization;
using KapsoArchive.Core.Runs.Index;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Verification;

/// <summary>Checks the index by itself: its catalog, the leaves that this names, and that there are no others.</summary>
internal sealed class IndexCheck(IStore store, StoredManifest? newest, IReadOnlyCollection<string> unfinished, VerificationNotes notes)
{
    private static readonly string Catalog = ArchiveIndex.CatalogPath.Name;

    private bool NewestIsUnfinished => newest is not null && unfinished.Contains(newest.RunId);

    /// <summary>The index; null where its catalog is missing or damaged.</summary>
    public async Task<ArchiveIndex?> FindAsync(CancellationToken cancellationToken)
    {
        ArchiveIndex index;
        try
        {
            index = await ArchiveIndex.ReadAsync(store, cancellationToken);
        }
        catch (RefusedFileException e)
        {
            notes.Find(Catalog, e.Problem, Remedy.MoveAwayAndRebuild);
            return null;
        }
        catch (IndexDamagedException e)
        {
            notes.Find(Catalog, $"cannot be used: {e.Message.TrimEnd('.')}", Remedy.RebuildIndex);
            return null;
        }

        if (await store.ReadAsync(ArchiveIndex.CatalogPath, cancellationToken) is null)
        {
            if (newest is not null && !(NewestIsUnfinished && newest.Manifest?.Previous is null))
                notes.Find(Catalog, "is missing", Remedy.RebuildIndex);
            return null;
        }

        await CheckLeavesAsync(index.Catalog, cancellationToken);
        if (newest is not null && index.Catalog.RunId != newest.RunId && !IsBehind(index.Catalog))
            notes.Find(Catalog, $"is that of {index.Catalog.RunId ?? "no run"}, and the newest committed run is {newest.RunId}", Remedy.RebuildIndex);
        return index;
    }

    /// <summary>Whether the newest run is committed and has yet to write its index.</summary>
    public bool IsBehind(IndexCatalog catalog) => NewestIsUnfinished && newest!.Manifest is { } manifest && catalog.RunId == manifest.Previous?.RunId;

    private void CheckLeaf(string name, StoredDocument leaf)
    {
        try
        {
            IndexLeaf.Read(name, leaf.Content);
        }
        catch (InvalidDataException e)
        {
            notes.Find(ArchiveIndex.LeafPath(name).Name, $"is damaged: {e.Message}", Remedy.RebuildIndex);
        }
    }

    private async Task CheckLeavesAsync(IndexCatalog catalog, CancellationToken cancellationToken)
    {
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (string name in catalog.Leaves)
        {
            StorePath path = ArchiveIndex.LeafPath(name);
            named.Add(path.Name);
            try
            {
                if (await store.ReadAsync(path, cancellationToken) is not { } leaf)
                    notes.Find(path.Name, "is missing: the catalog of the index names it", Remedy.RebuildIndex);
                else
                    CheckLeaf(name, leaf);
            }
            catch (RefusedFileException e)
            {
                notes.Find(path.Name, e.Problem, Remedy.MoveAwayAndRebuild);
            }
        }

        List<string> others = [];
        await foreach (StoredFile file in store.ListAsync(StoreArea.State, ArchiveIndex.LeafFolder, cancellationToken))
        {
            if (!named.Contains(file.Path.Name))
                others.Add(file.Path.Name);
        }

        if (unfinished.Count > 0 && others.Count > 0)
            notes.Remark(string.Create(CultureInfo.InvariantCulture, $"{others.Count:N0} leaves of the index are not in use, or not yet: run {unfinished.Last()} sees to them."));
        else
            others.ForEach(path => notes.Find(path, "is a leaf that the catalog of the index does not name", $"Delete it, or run `kapso-archive verify --rebuild-index`, which does."));
    }
}
