using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>The rows of one message in an export of all versions.</summary>
/// <param name="Earlier">Its earlier versions, oldest first, each with the time when it was archived.</param>
/// <param name="RemovedAt">When it was found to be removed; null if it is present.</param>
/// <param name="Rows">The number of its rows.</param>
internal sealed record MessageVersions(
    IReadOnlyList<(MessagePlace Place, DateTimeOffset ArchivedAt)> Earlier, DateTimeOffset? RemovedAt, int Rows)
{
    /// <summary>Puts the rows of a message together.</summary>
    /// <returns>The place of its newest version with content, and the others.</returns>
    public static (MessagePlace Newest, MessageVersions Versions) Of(IEnumerable<VersionPlace> rows)
    {
        VersionPlace[] all = [.. rows.OrderBy(r => r.ArchivedAt)];
        VersionPlace[] contents = [.. all.Where(r => !r.IsRemoval)];
        return (
            (contents.Length > 0 ? contents : all)[^1].Place,
            new MessageVersions(
                [.. contents.SkipLast(1).Select(r => (r.Place, Timestamp.FromMicros(r.ArchivedAt)))],
                all[^1].IsRemoval ? Timestamp.FromMicros(all[^1].ArchivedAt) : null, all.Length));
    }
}

/// <summary>The place of one row of a message's history.</summary>
/// <param name="ArchivedAt">Microseconds since 1970-01-01 UTC.</param>
/// <param name="IsRemoval">Whether the row says that the message was removed.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VersionPlace(MessagePlace Place, long ArchivedAt, bool IsRemoval);
