using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Checks the index itself: its catalog, the leaves that the catalog names, and that the index has no other leaves.</summary>
internal sealed class IndexCheck(IStore store, StoredManifest? newest, IReadOnlyCollection<string> unfinished, VerificationNotes notes)
{
    private static readonly string Catalog = ArchiveIndex.CatalogPath.Name;

    private bool NewestIsUnfinished => newest is not null && unfinished.Contains(newest.RunId);

    /// <summary>The index; null if its catalog is missing or damaged.</summary>
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
            notes.Find(Catalog, $"belongs to {index.Catalog.RunId ?? "no run"}, but the newest committed run is {newest.RunId}",
                Remedy.RebuildIndex);
        return index;
    }

    /// <summary>Whether the newest run is committed but has not written its index yet.</summary>
    public bool IsBehind(IndexCatalog catalog) =>
        NewestIsUnfinished && newest!.Manifest is { } manifest && catalog.RunId == manifest.Previous?.RunId;

    /// <summary>Null if it is a valid leaf with this name.</summary>
    private static string? DamageOf(string name, StoredDocument leaf)
    {
        try
        {
            IndexLeaf.Read(name, leaf.Content);
            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
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
                    notes.Find(path.Name, "is missing, but the catalog of the index names it", Remedy.RebuildIndex);
                else if (DamageOf(name, leaf) is { } damage)
                    notes.Find(path.Name, $"is damaged: {damage}", Remedy.RebuildIndex);
            }
            catch (RefusedFileException e)
            {
                notes.Find(path.Name, e.Problem, Remedy.MoveAwayAndRebuild);
            }
        }

        int sound = 0;
        List<StorePath> others = await store.ListAsync(StoreArea.State, ArchiveIndex.LeafFolder, cancellationToken)
            .Select(f => f.Path).Where(p => !named.Contains(p.Name)).ToListAsync(cancellationToken);
        foreach (StorePath path in others)
        {
            if (await IsSoundAsync(path, cancellationToken))
                sound++;
            else
                notes.Find(path.Name, "is a leaf that the catalog of the index does not name",
                    $"Delete it, or run `kapso-archive verify --rebuild-index`, which deletes it.");
        }

        if (sound > 0)
        {
            notes.Remark(string.Create(
                CultureInfo.InvariantCulture,
                $"{Quantity.Of(sound, "leaf", "leaves")} of the index {(sound == 1 ? "is" : "are")} unused, which is harmless: "
                + $"{(unfinished.Count > 0 ? $"run {unfinished.Last()}" : "the next run")} deletes unused leaves."));
        }
    }

    /// <summary>Whether the file is a valid leaf, which an abandoned or overtaken run wrote for its own catalog, or was deleted in the
    /// meantime.</summary>
    private async Task<bool> IsSoundAsync(StorePath path, CancellationToken cancellationToken) =>
        await store.ReadAsync(path, cancellationToken) is not { } leaf
        || DamageOf(path.Name[ArchiveIndex.LeafFolder.Length..], leaf) is null;
}
