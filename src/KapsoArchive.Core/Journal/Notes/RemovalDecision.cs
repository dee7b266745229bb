namespace KapsoArchive.Core.Journal.Notes;

/// <summary>Decision about the messages that a reading did not find.</summary>
/// <param name="Removed">Messages to mark as removed.</param>
/// <param name="Waiting">Missing messages to look for again.</param>
internal sealed record RemovalDecision(IReadOnlyCollection<UInt128> Removed, IReadOnlyList<WaitingMessage> Waiting)
{
    /// <summary>Why the conversation is not complete until a person agrees, in words; null if no agreement is needed.</summary>
    public string? Objection { get; init; }

    /// <summary>What will happen to the waiting messages, in words; null if none waits.</summary>
    public string? Remark { get; init; }
}
