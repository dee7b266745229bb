using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Compares the index with one built from the parts, conversation by conversation.</summary>
internal sealed class IndexComparison(IStore store, ArchiveIndex index, VerificationNotes notes)
{
    private const int MaxNamed = 20;

    private readonly SortedSet<string> _differing = new(StringComparer.Ordinal);

    /// <param name="upTo">The last run that the index should cover; null for the newest committed one.</param>
    /// <exception cref="StoreException">A part could not be read.</exception>
    public async Task CompareAsync(string? upTo, CancellationToken cancellationToken)
    {
        HashSet<string> leaves = [.. index.Catalog.Leaves];
        IndexCatalog expected = await new IndexRebuild(store) { FilesAreChecked = true, UpTo = upTo, Form = index.Catalog.Form }.FoldAsync(
            async leaf =>
            {
                string name = IndexLeaf.NameOf(IndexLeaf.ToBytes(leaf));
                if (!leaves.Contains(name))
                    await CompareAsync(leaf, cancellationToken);
                return name;
            },
            cancellationToken);
        if (!expected.ToBytes().Span.SequenceEqual(index.Catalog.ToBytes().Span))
            Tell(expected);
    }

    private async Task CompareAsync(IReadOnlyCollection<ConversationMessages> leaf, CancellationToken cancellationToken)
    {
        foreach (ConversationMessages expected in leaf)
        {
            try
            {
                ConversationMessages actual = await index.MessagesAsync(expected.ConversationId, cancellationToken);
                if (!actual.Entries.Span.SequenceEqual(expected.Entries.Span)
                    || !actual.Texts.OrderBy(t => t.Key).SequenceEqual(expected.Texts.OrderBy(t => t.Key)))
                    _differing.Add(expected.ConversationId);
            }
            catch (IndexDamagedException)
            {
                _differing.Add(expected.ConversationId); // Its leaf has a finding of its own.
            }
        }
    }

    private void Tell(IndexCatalog expected)
    {
        _differing.UnionWith(expected.Conversations.Where(c => index.Find(c.Id) != c).Select(c => c.Id));
        _differing.UnionWith(
            index.Catalog.Conversations.Select(c => c.Id).Except(expected.Conversations.Select(c => c.Id), StringComparer.Ordinal));
        List<string> problems = [];
        if (_differing.Count > 0)
            problems.Add(
                $"disagrees with the parts of {(_differing.Count == 1 ? "conversation" : "conversations")} "
                + $"{string.Join(", ", _differing.Take(MaxNamed))}{More()}");
        if (index.Catalog.DiscoveredAt != expected.DiscoveredAt)
            problems.Add("disagrees with the manifests about when all conversations were last read");
        if (index.Catalog.ListedAt != expected.ListedAt)
            problems.Add("disagrees with the manifests about when the whole list of conversations was last read");
        notes.Find(
            ArchiveIndex.CatalogPath.Name,
            problems.Count > 0 ? string.Join("; ", problems) : "differs from the index that the parts give",
            Remedy.RebuildIndex);
    }

    private string More() =>
        _differing.Count > MaxNamed ? string.Create(CultureInfo.InvariantCulture, $" and {_differing.Count - MaxNamed:N0} more") : "";
}
