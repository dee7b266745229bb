using KapsoArchive.Core.Index;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Journal.Notes;
using KapsoArchive.Core.Media.Waiting;

namespace KapsoArchive.Core.Backups;

/// <summary>What a continued archive needs of the state area, as of one committed run.</summary>
/// <remarks>
/// A run writes its manifest, then the catalog, then the notes and what it waits for. So they are read in the opposite order, and the
/// manifests last: whatever a run writes meanwhile, nothing here belongs to a later run than the catalog, and that run has a manifest.
/// </remarks>
internal sealed class StateSnapshot
{
    private readonly List<(StorePath Path, ReadOnlyMemory<byte> Content)> _files = [];
    private readonly List<(StorePath Path, ReadOnlyMemory<byte> Content)> _documents = [];
    private WaitingFiles? _waiting;

    /// <summary>The index; null if it is missing or damaged.</summary>
    public IndexCatalog? Catalog { get; private set; }

    public static async Task<StateSnapshot> ReadAsync(IStore source, CancellationToken cancellationToken)
    {
        var state = new StateSnapshot { _waiting = await WaitingFiles.ReadAsync(source, cancellationToken) };
        foreach (StorePath path in state._waiting?.Documents ?? [])
        {
            if (await source.ReadAsync(path, cancellationToken) is { } document)
                state._files.Add((path, document.Content));
            else
                state._waiting = null; // A run replaces it just now. It is made again from the lake, or copied by the next backup.
        }

        foreach (StorePath path in (StorePath[])[ListingNotes.Path, AcceptedLinks.Path])
        {
            if (await source.ReadAsync(path, cancellationToken) is { } document)
                state._documents.Add((path, document.Content));
        }

        try
        {
            state.Catalog = (await ArchiveIndex.ReadAsync(source, cancellationToken)).Catalog;
        }
        catch (IndexDamagedException)
        {
            // The copy gets an index of its own.
        }

        return state;
    }

    /// <summary>Copies the leaves that the copy lacks. Nobody reads them before <see cref="WriteAsync"/>.</summary>
    /// <returns>False if a leaf is damaged or missing, as after a run that has just replaced the index.</returns>
    public async Task<bool> CopyLeavesAsync(IStore source, IStore target, CancellationToken cancellationToken)
    {
        HashSet<string> present = await target.ListAsync(StoreArea.State, ArchiveIndex.LeafFolder, cancellationToken)
            .Select(f => f.Path.Name).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        foreach (string name in Catalog?.Leaves.Distinct() ?? [])
        {
            StorePath path = ArchiveIndex.LeafPath(name);
            if (present.Contains(path.Name))
                continue;
            if (await source.ReadAsync(path, cancellationToken) is not { } leaf || !IsIntact(name, leaf))
                return false;
            await StoreDocuments.CreateAsync(target, path, leaf.Content, cancellationToken);
        }

        return true;
    }

    private static bool IsIntact(string name, StoredDocument leaf)
    {
        try
        {
            IndexLeaf.Read(name, leaf.Content);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Replaces the state of the copy.</summary>
    /// <param name="hasIndex">Whether the leaves are there, and the catalog belongs to the newest run of the copy.</param>
    public async Task WriteAsync(IStore target, bool hasIndex, CancellationToken cancellationToken)
    {
        if (hasIndex)
            await ArchiveIndex.ReplaceAsync(target, Catalog!, await ArchiveIndex.ETagAsync(target, cancellationToken), cancellationToken);
        else
            await new IndexRebuild(target).RebuildAsync(cancellationToken);
        foreach ((StorePath path, ReadOnlyMemory<byte> content) in _documents)
            await StoreDocuments.OverwriteAsync(target, path, content, cancellationToken);
        if (_waiting is null)
            return;
        foreach ((StorePath path, ReadOnlyMemory<byte> content) in _files)
            await StoreDocuments.CreateAsync(target, path, content, cancellationToken);
        await WaitingFiles.SwapAsync(target, _waiting.ToBytes(), _ => Task.CompletedTask, cancellationToken);
    }
}
