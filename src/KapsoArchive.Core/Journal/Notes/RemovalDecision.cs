namespace KapsoArchive.Core.Journal.Notes;

/// <summary>What a reading means for the messages that it did not find.</summary>
/// <param name="Removed">To be marked as removed.</param>
/// <param name="Waiting">Missing, and to be looked for again.</param>
internal sealed record RemovalDecision(IReadOnlyCollection<UInt128> Removed, IReadOnlyList<WaitingMessage> Waiting)
{
    /// <summary>Why the conversation is not complete before a person agrees, in words; null if nobody has to.</summary>
    public string? Objection { get; init; }

    /// <summary>What becomes of those that wait, in words; null if none waits.</summary>
    public string? Remark { get; init; }
}
