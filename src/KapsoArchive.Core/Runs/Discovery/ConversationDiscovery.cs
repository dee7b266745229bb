using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Runs.Discovery;

/// <summary>Finds the conversations of the project. The list is ordered by activity and moves while it is walked: a conversation that
/// becomes active jumps to the head, past a walk that is further on. So the list is walked until a walk proves its end and finds nothing
/// new. A list of a single page was read at one moment and needs no second walk.</summary>
/// <remarks>
/// If the list moved during that last walk, a conversation can have jumped past every walk. It is at the head then, so the head is read
/// again, down to what was known before the walk. A head of several pages can move too, so this repeats until it holds still.
/// Conversations in a later walk do not count as new if their activity is later than everything the first walk saw: they came, or jumped,
/// since. If the source counts wrongly, the run reports it, and only the pages count. A list whose end no page proves is used as far as it
/// goes, and the run is partial.
/// </remarks>
/// <param name="maxMegabytes">Maximum size of the list in memory; see <see cref="KapsoOptions.MaxListMegabytes"/>. A larger list counts
/// as endless.</param>
internal sealed class ConversationDiscovery(KapsoClient client, int maxMegabytes)
{
    private const int MaxWalks = 6;
    private const int MaxHeads = 12;

    private readonly FoundList _found = new();

    /// <param name="activeSince">Only conversations active since then; null for all.</param>
    /// <exception cref="KapsoException">The list cannot be read at all.</exception>
    public async Task<FoundConversations> FindAsync(DateTimeOffset? activeSince, CancellationToken cancellationToken)
    {
        var sizes = new ListPageSizes();
        DateTimeOffset? newest = null;
        (bool wasProven, bool wasOdd) = (true, true);
        for (int walk = 1; ; walk++)
        {
            DateTimeOffset? before = _found.Newest;
            var list = new ConversationListWalk(Read, _found, sizes, maxMegabytes, newest);
            await list.ReadAsync(cancellationToken);
            bool isAtRest = list.Pages == 1 || (walk > 1 && !list.BroughtNews);
            if (walk == MaxWalks || list.IsTooLong || (isAtRest && (list.IsProven || (walk > 1 && !wasProven))))
            {
                string? problem = list.Problem
                    ?? (isAtRest
                        ? null
                        : $"it kept changing: the last of {MaxWalks} walks still found conversations that the others had missed");
                if (problem is null && list.Pages > 1 && list.HasMoved)
                    problem = await ReadHeadAsync(before, sizes, Read, cancellationToken);
                return Found(list, problem, isOdd: wasOdd && list.Total is { } total && total != list.Listed);
            }

            newest ??= _found.Newest;
            (wasProven, wasOdd) = (list.IsProven, list.Total != list.Listed);
        }

        Task<Page> Read(int page, int size, CancellationToken token) => client.GetConversationsAsync(page, size, activeSince, token);
    }

    /// <summary>Reads what was active since the last walk began, until it holds still meanwhile.</summary>
    /// <param name="since">The latest activity that was known before the last walk.</param>
    /// <returns>Why the head cannot be read; null if it was.</returns>
    private async Task<string?> ReadHeadAsync(
        DateTimeOffset? since, ListPageSizes sizes, Func<int, int, CancellationToken, Task<Page>> read, CancellationToken cancellationToken)
    {
        for (int head = 1; since is not null && head <= MaxHeads; head++)
        {
            DateTimeOffset? before = _found.Newest;
            var walk = new ConversationListWalk(read, _found, sizes, maxMegabytes, newest: null, since);
            await walk.ReadAsync(cancellationToken);
            if (walk.Problem is not null || walk.Pages == 1 || !walk.HasMoved)
                return walk.Problem;
            since = before;
        }

        return since is null ? null : "it kept changing: its head moved faster than it could be read";
    }

    /// <param name="last">The last walk.</param>
    /// <param name="problem">Why the list may not be complete; null if it is.</param>
    /// <param name="isOdd">Whether the source counted wrongly, and not only in this walk: while a list moves, its count does.</param>
    private FoundConversations Found(ConversationListWalk last, string? problem, bool isOdd)
    {
        string? odd = isOdd
            ? string.Create(CultureInfo.InvariantCulture, $"the source counts {last.Total:N0} conversations and lists {last.Listed:N0}")
            : null;
        odd = last.LargeRows == 0 ? odd : string.Create(
            CultureInfo.InvariantCulture,
            $"{(odd is null ? "" : $"{odd}; ")}{last.LargeRows:N0} of its rows have more than "
                + $"{ConversationListWalk.MaxRowLength / 1024} KB, so only their ids were taken");
        return new FoundConversations(
            _found, last.Rejected, new ManifestDiscovery(problem is null, problem ?? odd, last.Listed, last.Total));
    }
}
