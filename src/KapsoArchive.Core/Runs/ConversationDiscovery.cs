using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>Finds every conversation of the project. The list moves while it is walked, so it is walked again where its own count says that one was missed.</summary>
internal sealed class ConversationDiscovery(KapsoClient client)
{
    private const int MaxWalks = 4;

    public async Task<(IReadOnlyCollection<ConversationSummary> Conversations, IReadOnlyList<RejectedRecord> Rejected)> FindAllAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, ConversationSummary> found = new(StringComparer.Ordinal);
        for (int walk = 1; ; walk++)
        {
            HashSet<string> seen = new(StringComparer.Ordinal);
            List<RejectedRecord> rejected = [];
            long? total = null;
            await foreach (Page page in client.ReadConversationsAsync(cancellationToken))
            {
                total = page.Meta.TotalCount ?? total;
                int before = seen.Count + rejected.Count;
                foreach (byte[] record in page.Records)
                {
                    if (ConversationSummary.FromRecord(record) is not { } conversation)
                    {
                        rejected.Add(new RejectedRecord("", record, "a conversation without an id"));
                        continue;
                    }

                    seen.Add(conversation.Id);
                    found[conversation.Id] = conversation;
                }

                if (seen.Count + rejected.Count == before)
                    break; // The same page again: the list does not end by itself.
            }

            if (total is null || found.Count + rejected.Count >= total)
                return (found.Values, rejected);
            if (walk == MaxWalks)
                throw new KapsoException($"Kapso counts {total} conversations, but {MaxWalks} walks of its list found only {found.Count}. Try again at a quieter time, or list the conversations by id.");
        }
    }
}
