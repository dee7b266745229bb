using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Where a message is shown.</summary>
/// <param name="Book">Finds the other messages.</param>
/// <param name="Zone">The zone of its times.</param>
/// <param name="AddressOf">The address of the message at a position.</param>
/// <param name="Whole">What the messages are a part of: <c>this export</c>.</param>
internal sealed record BubblePlace(ConversationBook Book, ReadingZone Zone, Func<int, string> AddressOf, string Whole)
{
    /// <summary>Whether the time of a message leads to its place among the others.</summary>
    public bool HasLinkedTimes { get; init; }

    /// <summary>The address of the stored file behind a message; null to name it only.</summary>
    public Func<ChatMessage, string>? FileAddressOf { get; init; }
}
