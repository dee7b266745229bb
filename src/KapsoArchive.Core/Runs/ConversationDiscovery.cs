using System.Runtime.InteropServices;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>
/// Finds the conversations of the project. The list is ordered by activity and moves while it is walked: a conversation that becomes active jumps to its head, past a walk that is further on.
/// So it is walked until a walk brings nothing new and finds as many as it counts; a list that comes in one page is one moment and needs no second walk.
/// </summary>
internal sealed class ConversationDiscovery(KapsoClient client)
{
    private const int MaxWalks = 6;

    /// <param name="activeSince">Only those active since then; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KapsoException">The list cannot be read, or does not come to rest.</exception>
    public async Task<(IReadOnlyCollection<ConversationSummary> Conversations, IReadOnlyList<RejectedRecord> Rejected)> FindAsync(DateTimeOffset? activeSince, CancellationToken cancellationToken)
    {
        Dictionary<string, ConversationSummary> found = new(StringComparer.Ordinal);
        for (int walk = 1; ; walk++)
        {
            int before = found.Count;
            (int pages, int seen, long? total, List<RejectedRecord> rejected) = await WalkAsync(activeSince, found, cancellationToken);
            bool hasAll = total is null || seen + rejected.Count >= total;
            if (hasAll && (pages == 1 || (walk > 1 && found.Count == before)))
                return (found.Values, rejected);
            if (walk < MaxWalks)
                continue;
            if (total is null || found.Count + rejected.Count >= total)
                return (found.Values, rejected); // It never stood still, but no walk's count knows of more.
            throw new KapsoException($"Kapso counts {total} conversations, but {MaxWalks} walks of its list found only {found.Count}. Try again at a quieter time, or list the conversations by id.");
        }
    }

    private async Task<(int Pages, int Seen, long? Total, List<RejectedRecord> Rejected)> WalkAsync(
        DateTimeOffset? activeSince, Dictionary<string, ConversationSummary> found, CancellationToken cancellationToken)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<RejectedRecord> rejected = [];
        long? total = null;
        int pages = 0;
        await foreach (Page page in client.ReadConversationsAsync(activeSince, cancellationToken))
        {
            pages++;
            total = page.Meta.TotalCount ?? total;
            int before = seen.Count + rejected.Count;
            foreach (ReadOnlyMemory<byte> record in page.Records)
            {
                if (ConversationSummary.FromRecord(record.Span) is not { } conversation)
                {
                    rejected.Add(new RejectedRecord("", record.ToArray(), "a conversation without an id that can be asked for"));
                    continue;
                }

                // What is found again as it was is kept, so that what the second walk brings is forgotten at once.
                ref ConversationSummary? known = ref CollectionsMarshal.GetValueRefOrAddDefault(found, conversation.Id, out _);
                if (known != conversation)
                    known = conversation;
                seen.Add(known.Id);
            }

            if (seen.Count + rejected.Count == before)
                break; // The same page again: the list does not end by itself.
        }

        return (pages, seen.Count, total, rejected);
    }
}
