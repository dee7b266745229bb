using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Index;

/// <summary>Writes the leaves that a run has changed, and makes the catalog that names them. Goes through conversations and changes side by side, a leaf at a time.</summary>
internal sealed class IndexWriter(ArchiveIndex before, IStore store)
{
    public async Task<IndexCatalog> WriteLeavesAsync(IndexUpdate update, CancellationToken cancellationToken)
    {
        Dictionary<string, ConversationVisit> visits = update.Visits.ToDictionary(v => v.ConversationId, StringComparer.Ordinal);
        List<IndexedConversation> conversations = [];
        List<string> leaves = [];
        await using IAsyncEnumerator<ConversationChanges> changes = update.Changes.GetAsyncEnumerator(cancellationToken);
        bool any = await changes.MoveNextAsync();

        // Whether a conversation without a message is known at all is decided before leaves are divided: the source may not know it either.
        string[] ids = [.. before.Catalog.Conversations.Select(c => c.Id).Union(visits.Values.Where(IsKept).Select(v => v.ConversationId), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        foreach (List<string> leaf in IndexLeaf.Divide(ids, id => id))
        {
            List<ConversationChanges> ofLeaf = [];
            while (any && string.CompareOrdinal(changes.Current.ConversationId, leaf[^1]) <= 0)
            {
                ofLeaf.Add(changes.Current);
                any = await changes.MoveNextAsync();
            }

            leaves.Add(await WriteLeafAsync(leaf, ofLeaf, visits, conversations, cancellationToken));
        }

        return any
            ? throw new IndexDamagedException($"Run {update.RunId} wrote messages of conversation {changes.Current.ConversationId}, which it did not visit.")
            : new IndexCatalog
            {
                RunId = update.RunId,
                DiscoveredAt = update.DiscoveredAt ?? before.Catalog.DiscoveredAt,
                ListedAt = update.ListedAt ?? before.Catalog.ListedAt,
                Conversations = conversations,
                Leaves = leaves,
            };
    }

    private static bool IsKept(ConversationVisit visit) => IndexFold.Apply(before: null, visit, newestCreatedAt: null, live: 0) is not null;

    private async Task<string> WriteLeafAsync(
        List<string> ids, List<ConversationChanges> changes, Dictionary<string, ConversationVisit> visits, List<IndexedConversation> conversations, CancellationToken cancellationToken)
    {
        Dictionary<string, ConversationChanges> changed = changes.ToDictionary(c => c.ConversationId, StringComparer.Ordinal);
        if (changed.Count != changes.Count || changed.Keys.Except(ids, StringComparer.Ordinal).Any())
            throw new IndexDamagedException("The journal speaks of conversations that the run did not visit, or of one twice.");

        string? same = changed.Count == 0 ? before.LeafOf(ids) : null;
        List<ConversationMessages> messages = [];
        foreach (string id in ids)
        {
            IndexedConversation? old = before.Find(id);
            int live = old?.Live ?? 0;
            if (same is null)
            {
                ConversationMessages known = await before.MessagesAsync(id, cancellationToken);
                messages.Add(changed.TryGetValue(id, out ConversationChanges? change) ? IndexFold.Apply(known, change) : known);
                live = messages[^1].Count;
            }

            conversations.Add(visits.TryGetValue(id, out ConversationVisit? visit)
                ? IndexFold.Apply(old, visit, changed.GetValueOrDefault(id)?.NewestCreatedAt, live)!
                : old!);
        }

        return same ?? await ArchiveIndex.WriteLeafAsync(store, messages, cancellationToken);
    }
}
