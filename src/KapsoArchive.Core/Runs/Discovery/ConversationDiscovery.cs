using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Runs.Discovery;

/// <summary>Finds the conversations of the project. The list is ordered by activity and moves while it is walked: a conversation that
/// becomes active jumps to the head, past a walk that is further on. So the list is walked until a walk proves its end and finds nothing
/// new. A list of a single page was read at one moment and needs no second walk.</summary>
/// <remarks>
/// Conversations in a later walk do not count as new if their activity is later than everything the first walk saw: they came, or jumped,
/// since. If the source counts wrongly, the run reports it, and only the pages count. A list whose end no page proves is used as far as it
/// goes, and the run is partial.
/// </remarks>
/// <param name="maxMegabytes">Maximum size of the list in memory; see <see cref="KapsoOptions.MaxListMegabytes"/>. A larger list counts
/// as endless.</param>
internal sealed class ConversationDiscovery(KapsoClient client, int maxMegabytes)
{
    private const int MaxWalks = 6;

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
            var list = new ConversationListWalk(
                (page, size, token) => client.GetConversationsAsync(page, size, activeSince, token), _found, sizes, maxMegabytes, newest);
            await list.ReadAsync(cancellationToken);
            bool isAtRest = list.Pages == 1 || (walk > 1 && !list.BroughtNews);
            if (walk == MaxWalks || list.IsTooLong || (isAtRest && (list.IsProven || (walk > 1 && !wasProven))))
                return Found(list, isAtRest, isOdd: wasOdd && list.Total is { } total && total != list.Listed);
            newest ??= _found.Newest;
            (wasProven, wasOdd) = (list.IsProven, list.Total != list.Listed);
        }
    }

    /// <param name="last">The last walk.</param>
    /// <param name="isAtRest">Whether it found nothing new.</param>
    /// <param name="isOdd">Whether the source counted wrongly, and not only in this walk: while a list moves, its count does.</param>
    private FoundConversations Found(ConversationListWalk last, bool isAtRest, bool isOdd)
    {
        string? problem = last.Problem
            ?? (isAtRest
                ? null
                : $"it kept changing: the last of {MaxWalks} walks still found conversations that the others had missed");
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
