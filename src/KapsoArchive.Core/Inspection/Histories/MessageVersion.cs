using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>The newest row of a message that was found so far.</summary>
/// <param name="CreatedAt">The least number where it has no time.</param>
/// <param name="FirstRun">The run that wrote the message's first row: a later version must not move the message.</param>
/// <param name="FirstPosition">The position in that row; the least number if it has none.</param>
/// <param name="Removed">Whether it says that the source no longer has the message.</param>
/// <param name="Part">The part that holds it.</param>
/// <param name="Group">Its row group there.</param>
/// <param name="Row">Its row in the group.</param>
/// <param name="Message">The message, where the part can only be read whole.</param>
internal sealed record MessageVersion(
    string Id, long CreatedAt, string FirstRun, long FirstPosition, bool Removed, HistoryPart Part, int Group, int Row, ChatMessage? Message)
{
    /// <summary>This version, where the message stood before.</summary>
    public MessageVersion InPlaceOf(MessageVersion earlier) => this with { FirstRun = earlier.FirstRun, FirstPosition = earlier.FirstPosition };

    /// <summary>The order in which messages are shown.</summary>
    public static int Compare(MessageVersion one, MessageVersion other)
    {
        int order = one.CreatedAt.CompareTo(other.CreatedAt);
        if (order == 0)
            order = string.CompareOrdinal(one.FirstRun, other.FirstRun);
        if (order == 0)
            order = one.FirstPosition.CompareTo(other.FirstPosition);
        return order != 0 ? order : string.CompareOrdinal(one.Id, other.Id);
    }
}
