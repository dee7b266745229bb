namespace KapsoArchive.Core.Index;

/// <summary>The index of a store: which messages the archive holds. It is a cache of the parts, in <c>index/</c> of the state area: a
/// catalog of all conversations, and immutable leaves with their messages, named after their hash. A damaged index is rejected.</summary>
internal sealed class ArchiveIndex
{
    public const string LeafFolder = "index/leaves/";

    public static readonly StorePath CatalogPath = new(StoreArea.State, "index/catalog");

    private readonly IStore _store;
    private readonly LeafCache _leaves;
    private readonly string? _etag;

    private ArchiveIndex(IStore store, IndexCatalog catalog, string? etag)
    {
        (_store, Catalog, _etag) = (store, catalog, etag);
        _leaves = new LeafCache(ReadLeafAsync);
        if (catalog.Conversations.LeafStarts.Count > catalog.Leaves.Count)
            throw new IndexDamagedException("The catalog of the index names too few leaves.");
    }

    public IndexCatalog Catalog { get; }

    /// <summary>An empty index, used by exports so that they write everything.</summary>
    public static ArchiveIndex None(IStore store) => new(store, IndexCatalog.Empty, etag: null);

    /// <param name="committedRunId">The newest committed run; null for none.</param>
    /// <param name="fingerprints">The required version of the fingerprints.</param>
    /// <exception cref="IndexDamagedException">It is damaged, belongs to another run, or is missing although a run is
    /// committed.</exception>
    /// <exception cref="IndexOutdatedException">Its fingerprints have another version.</exception>
    public static async Task<ArchiveIndex> OpenAsync(
        IStore store, string? committedRunId, int fingerprints, CancellationToken cancellationToken)
    {
        ArchiveIndex index = await ReadAsync(store, cancellationToken);
        if (index.Catalog.RunId != committedRunId)
            throw new IndexDamagedException(
                $"The index belongs to {index.Catalog.RunId ?? "no run"}, but the newest committed run is {committedRunId ?? "none"}.");
        index.Require(fingerprints);
        return index;
    }

    /// <exception cref="IndexDamagedException">It is damaged.</exception>
    public static async Task<ArchiveIndex> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(CatalogPath, cancellationToken) is not { } document)
            return new ArchiveIndex(store, IndexCatalog.Empty, etag: null);
        try
        {
            return new ArchiveIndex(store, IndexCatalog.FromBytes(document.Content), document.ETag);
        }
        catch (InvalidDataException e)
        {
            throw new IndexDamagedException($"{CatalogPath.Name} is damaged: {e.Message}.", e);
        }
    }

    /// <summary>Null if the archive does not know the conversation.</summary>
    public IndexedConversation? Find(string conversationId) => Catalog.Find(conversationId);

    /// <exception cref="IndexDamagedException">Its leaf is damaged or missing.</exception>
    public async Task<ConversationMessages> MessagesAsync(string conversationId, CancellationToken cancellationToken)
    {
        int found = Catalog.Conversations.IndexOf(conversationId);
        return found < 0
            ? ConversationMessages.None(conversationId)
            : await MessagesAsync(Catalog.Conversations[found], Catalog.Conversations.LeafOf(found), cancellationToken);
    }

    /// <param name="conversation">A conversation of the catalog.</param>
    /// <param name="leaf">The number of its leaf.</param>
    /// <inheritdoc cref="MessagesAsync(string, CancellationToken)"/>
    public async Task<ConversationMessages> MessagesAsync(
        IndexedConversation conversation, int leaf, CancellationToken cancellationToken) =>
        MessagesOf(conversation, leaf, await _leaves.GetAsync(Catalog.Leaves[leaf], cancellationToken));

    /// <exception cref="IndexDamagedException">The leaf does not have the conversation as the catalog describes it.</exception>
    public ConversationMessages MessagesOf(
        IndexedConversation conversation, int leaf, IReadOnlyDictionary<string, ConversationMessages> messages) =>
        messages.TryGetValue(conversation.Id, out ConversationMessages? found) && found.Count == conversation.Live
            ? found
            : throw new IndexDamagedException($"{LeafPath(Catalog.Leaves[leaf]).Name} is not the leaf that the catalog names.");

    /// <summary>Reads a leaf, whether it was read before or not.</summary>
    /// <exception cref="IndexDamagedException">It is damaged or missing.</exception>
    public Task<IReadOnlyDictionary<string, ConversationMessages>> ReadLeafAsync(int leaf, CancellationToken cancellationToken) =>
        ReadLeafAsync(Catalog.Leaves[leaf], cancellationToken);

    /// <summary>Writes what a run has added. Safe to repeat after an interruption: nothing changes until the catalog is replaced.</summary>
    /// <exception cref="IndexDamagedException">The index is damaged, or does not belong to the preceding run.</exception>
    /// <exception cref="StoreConflictException">Another writer has written the index since.</exception>
    public static async Task CommitAsync(IStore store, IndexUpdate update, CancellationToken cancellationToken)
    {
        ArchiveIndex index = await ReadAsync(store, cancellationToken);
        if (index.Catalog.RunId == update.RunId)
        {
            List<StorePath> present = await LeavesAsync(store, cancellationToken);
            await update.Check(cancellationToken); // No later run has written these leaves.
            // The previous attempt may have been interrupted before this.
            await DropUnusedAsync(store, present, index.Catalog.Leaves, cancellationToken);
            return;
        }

        if (index.Catalog.RunId != update.PreviousRunId)
            throw new IndexDamagedException(
                $"The index belongs to {index.Catalog.RunId ?? "no run"}, but run {update.RunId} follows "
                    + $"{update.PreviousRunId ?? "none"}.");

        index.Require(update.Fingerprints);
        using var catalog = new IndexCatalogWriter(index._etag is null ? IndexForm.Of(update.Fingerprints) : index.Catalog.Form);
        await using (var uploads = new LeafUploads(store))
        {
            await new IndexWriter(index, uploads, catalog).WriteLeavesAsync(update, cancellationToken);
            await uploads.CompleteAsync();
        }

        List<StorePath> leaves = await LeavesAsync(store, cancellationToken);
        await update.Check(cancellationToken);
        await StoreDocuments.ReplaceAsync(
            store,
            CatalogPath,
            catalog.ToBytes(update.RunId, update.DiscoveredAt ?? index.Catalog.DiscoveredAt, update.ListedAt ?? index.Catalog.ListedAt),
            index._etag,
            cancellationToken);
        await DropUnusedAsync(store, leaves, catalog.Leaves, cancellationToken);
    }

    /// <summary>ETag of the catalog, damaged or not; null if the catalog does not exist.</summary>
    public static async Task<string?> ETagAsync(IStore store, CancellationToken cancellationToken) =>
        (await store.ReadAsync(CatalogPath, cancellationToken))?.ETag;

    /// <summary>Replaces the whole index, whatever its state.</summary>
    /// <param name="catalog">The new catalog, whose leaves are already written.</param>
    /// <param name="etag">ETag that the catalog had before the manifests were read.</param>
    /// <exception cref="StoreConflictException">Another writer has written the index since.</exception>
    public static async Task ReplaceAsync(IStore store, IndexCatalog catalog, string? etag, CancellationToken cancellationToken)
    {
        List<StorePath> leaves = await LeavesAsync(store, cancellationToken);
        await StoreDocuments.ReplaceAsync(store, CatalogPath, catalog.ToBytes(), etag, cancellationToken);
        await DropUnusedAsync(store, leaves, catalog.Leaves, cancellationToken);
    }

    public static StorePath LeafPath(string name) => new(StoreArea.State, LeafFolder + name);

    /// <summary>Checks the version of the fingerprints. An index that does not exist yet matches every version.</summary>
    private void Require(int fingerprints)
    {
        if (_etag is not null && Catalog.Form.Fingerprints != fingerprints)
            throw new IndexOutdatedException(Catalog.Form, fingerprints);
    }

    private static ValueTask<List<StorePath>> LeavesAsync(IStore store, CancellationToken cancellationToken) =>
        store.ListAsync(StoreArea.State, LeafFolder, cancellationToken).Select(f => f.Path).ToListAsync(cancellationToken);

    /// <summary>Deletes the leaves of the previous index, and those of an execution that lost a race or was abandoned.</summary>
    /// <param name="present">The leaves that existed before the writer checked for a takeover. They include none of a later writer's
    /// leaves.</param>
    private static async Task DropUnusedAsync(
        IStore store, IEnumerable<StorePath> present, IEnumerable<string> leaves, CancellationToken cancellationToken)
    {
        HashSet<string> used = [.. leaves.Select(name => LeafPath(name).Name)];
        await Parallel.ForEachAsync(
            present.Where(l => !used.Contains(l.Name)),
            new ParallelOptions { MaxDegreeOfParallelism = LeafUploads.MaxCount, CancellationToken = cancellationToken },
            async (leaf, cancellation) => await store.DeleteAsync(leaf, cancellation));
    }

    private async Task<IReadOnlyDictionary<string, ConversationMessages>> ReadLeafAsync(string name, CancellationToken cancellationToken)
    {
        StoredDocument leaf = await _store.ReadAsync(LeafPath(name), cancellationToken)
            ?? throw new IndexDamagedException($"{LeafPath(name).Name} of the index is missing.");
        try
        {
            return IndexLeaf.Read(name, leaf.Content);
        }
        catch (InvalidDataException e)
        {
            throw new IndexDamagedException($"{LeafPath(name).Name} of the index is damaged: {e.Message}.", e);
        }
    }
}
