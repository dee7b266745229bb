using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Index;

/// <summary>Builds the index only from the committed manifests and their parts, run by run. The result has the same bytes as the index that
/// the runs wrote. Needs about 24 bytes of memory per message.</summary>
internal sealed class IndexRebuild(IStore store)
{
    private readonly Dictionary<string, ConversationMessages> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IndexedConversation> _conversations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _newest = new(StringComparer.Ordinal);

    /// <summary>Whether the caller has just compared every file with its manifest, so that it need not be done again.</summary>
    public bool FilesAreChecked { get; init; }

    /// <summary>Form of the new index.</summary>
    public IndexForm Form { get; init; } = IndexForm.Current;

    /// <summary>The last run to include; null for the newest committed one.</summary>
    public string? UpTo { get; init; }

    /// <summary>Replaces the index of the store.</summary>
    /// <exception cref="StoreException">A manifest or a part is missing or damaged; the message names it. The index is
    /// unchanged.</exception>
    /// <exception cref="StoreConflictException">Another writer has written the index meanwhile, and that index stays.</exception>
    public async Task<IndexCatalog> RebuildAsync(CancellationToken cancellationToken)
    {
        string? etag = await ArchiveIndex.ETagAsync(store, cancellationToken);
        await using var leaves = new LeafUploads(store);
        IndexCatalog catalog = await FoldAsync(leaf => leaves.AddAsync(IndexLeaf.ToBytes(leaf), cancellationToken), cancellationToken);
        await leaves.CompleteAsync();
        await ArchiveIndex.ReplaceAsync(store, catalog, etag, cancellationToken);
        return catalog;
    }

    /// <param name="keep">Receives each leaf and returns its name.</param>
    /// <returns>The catalog that the index must have.</returns>
    /// <exception cref="StoreException">A manifest or a part is missing or damaged; the message names it.</exception>
    public async Task<IndexCatalog> FoldAsync(
        Func<IReadOnlyCollection<ConversationMessages>, Task<string>> keep, CancellationToken cancellationToken)
    {
        (string? runId, long? discoveredAt, long? listedAt) = await ReadRunsAsync(cancellationToken);
        using var catalog = new IndexCatalogWriter(Form);
        foreach (List<IndexedConversation> leaf
            in IndexLeaf.Divide(_conversations.Values.OrderBy(c => c.Id, StringComparer.Ordinal), c => c.Id))
        {
            leaf.ForEach(catalog.Add);
            catalog.AddLeaf(await keep([.. leaf.Select(c => Messages(c.Id))]));
        }

        return IndexCatalog.FromBytes(catalog.ToBytes(runId, discoveredAt, listedAt));
    }

    private async Task<(string? RunId, long? DiscoveredAt, long? ListedAt)> ReadRunsAsync(CancellationToken cancellationToken)
    {
        (string? runId, long? discoveredAt, long? listedAt) = (null, null, null);
        try
        {
            await foreach (CommittedRun run in new CommittedRuns(store).ReadAsync(UpTo, !FilesAreChecked, cancellationToken))
            {
                Manifest manifest = run.Manifest;
                runId = run.RunId;
                if (manifest.Status == Manifest.Closed)
                    continue;
                await AddAsync(run, cancellationToken);
                long asOf = Timestamp.ToMicros(manifest.Discovery?.AsOf ?? manifest.StartedAt);
                discoveredAt = manifest.Request.IsAll && manifest.Discovery is not { Complete: false } ? asOf : discoveredAt;
                listedAt = manifest.Request.WholeList ? asOf : listedAt;
            }
        }
        catch (DamagedFileException e)
        {
            throw new StoreException(
                $"{e.Path} of {store.Location} {e.Problem}, so the index cannot be rebuilt from it. Restore it from a backup.", e);
        }

        return (runId, discoveredAt, listedAt);
    }

    private async Task AddAsync(CommittedRun run, CancellationToken cancellationToken)
    {
        await run.ReadMessagesAsync(async (_, batch) => Add(await batch.RowsAsync(cancellationToken)), cancellationToken);
        Dictionary<string, (int Count, ulong Digest)> rejected = new(StringComparer.Ordinal);
        foreach (ManifestFile file in run.Manifest.Files.Where(f => f.Dataset == Datasets.Rejected))
            await run.ReadAsync(file, stream => AddRejectedAsync(stream, rejected, cancellationToken), cancellationToken);
        foreach (ManifestFile file in run.Manifest.Files.Where(f => f.Dataset == Datasets.Conversations.Name))
            await run.ReadAsync(file, stream => AddVisitsAsync(stream, rejected, cancellationToken), cancellationToken);
    }

    private void Add(IReadOnlyList<MessageRow> rows)
    {
        foreach (IGrouping<Utf8Text, MessageRow> conversation in rows.GroupBy(r => r.ConversationId))
            Apply(conversation.Key.ToString()!, [.. conversation]);
    }

    private void Apply(string conversationId, IReadOnlyList<MessageRow> rows)
    {
        Dictionary<UInt128, string> texts = [];
        foreach (MessageRow row in rows.Where(r => !MessageKey.IsUuid(r.Id.Span)))
            texts[MessageKey.Of(row.Id.Span)] = row.Id.ToString()!;
        MessageChange[] changes =
        [
            .. rows.Select(r => new MessageChange(
                MessageKey.Of(r.Id.Span), r.Change == Change.Removed ? 0 : Fingerprint.Of(r, Form.Fingerprints), r.Change)),
        ];
        _messages[conversationId] = IndexFold.Apply(
            Messages(conversationId), new ConversationChanges(conversationId, NewestCreatedAt: null, changes, texts));
        if (rows.Max(r => r.CreatedAt) is { } newest)
            _newest[conversationId] = Math.Max(_newest.GetValueOrDefault(conversationId, long.MinValue), newest);
    }

    private async Task AddVisitsAsync(
        Stream stream, Dictionary<string, (int Count, ulong Digest)> rejected, CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<ConversationRow> rows in ConversationsReader.ReadAsync(stream, cancellationToken))
        {
            foreach (ConversationRow row in rows)
            {
                string id = row.ConversationId;
                IndexedConversation? before = _conversations.GetValueOrDefault(id);
                ulong digest = rejected.TryGetValue(id, out var lines) && lines.Count == row.Rejected
                    ? lines.Digest
                    : row.Rejected == before?.Rejected ? before.RejectedDigest : 0;
                ConversationVisit visit = ConversationVisit.Of(row, row.IsUnknownToSource, digest);
                long? newest = _newest.TryGetValue(id, out long micros) ? micros : null;
                if (IndexFold.Apply(before, visit, newest, Messages(id).Count) is { } conversation)
                    _conversations[id] = conversation;
            }
        }
    }

    private static async Task AddRejectedAsync(
        Stream stream, Dictionary<string, (int Count, ulong Digest)> rejected, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            (string conversationId, byte[] record) = RejectedRecord.ReadLine(line);
            (int count, ulong digest) = rejected.GetValueOrDefault(conversationId);
            rejected[conversationId] = (count + 1, RejectedDigest.Add(digest, record));
        }
    }

    private ConversationMessages Messages(string conversationId) =>
        _messages.GetValueOrDefault(conversationId) ?? ConversationMessages.None(conversationId);
}
