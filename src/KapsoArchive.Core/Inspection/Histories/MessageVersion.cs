using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>The newest row of a message found so far.</summary>
/// <param name="CreatedAt">The minimum value if the message has no time.</param>
/// <param name="FirstRun">The run that wrote the message's first row. Later versions must not move the message.</param>
/// <param name="FirstPosition">The position in that row; the minimum value if it has none.</param>
/// <param name="Removed">Whether the row says that the source no longer has the message.</param>
/// <param name="Run">The run that wrote it.</param>
/// <param name="Part">The run's part that contains it.</param>
/// <param name="Group">Its row group in the part.</param>
/// <param name="Row">Its row in the group.</param>
/// <param name="Message">The message, if the part can only be read as a whole.</param>
internal sealed record MessageVersion(
    string Id, long CreatedAt, string FirstRun, long FirstPosition, bool Removed, CommittedRun Run,
    ManifestFile Part, int Group, int Row, ChatMessage? Message)
{
    /// <summary>Null unless the request needs it.</summary>
    public string? Direction { get; init; }

    /// <inheritdoc cref="Direction"/>
    public string? Type { get; init; }

    /// <summary>A hash of its WhatsApp id; 0 if it has none, or unless <see cref="HistoryRequest.Links"/>.</summary>
    public ulong Name { get; init; }

    /// <summary>The reaction that it is; null for other messages, and unless <see cref="HistoryRequest.Links"/>.</summary>
    public Reaction? Reaction { get; init; }

    /// <summary>This version with the position of an earlier one.</summary>
    public MessageVersion InPlaceOf(MessageVersion earlier) =>
        this with { FirstRun = earlier.FirstRun, FirstPosition = earlier.FirstPosition };

    /// <summary>Compares by display order.</summary>
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
