namespace KapsoArchive.Core.Journal;

/// <summary>A conversation that was begun and is not finished, and where the journal keeps what its continuation needs.</summary>
/// <param name="Rows">Where the rows lie that the run wrote of it.</param>
internal sealed record OpenConversation(
    [property: JsonRequired] string ConversationId, [property: JsonRequired] IReadOnlyList<EntriesPlace> Rows)
{
    /// <summary>The <c>.paused</c> document that has its last state; null if it was never paused.</summary>
    public string? Paused { get; init; }

    /// <inheritdoc cref="Checkpoint.LeftOut"/>
    public long? LeftOut { get; init; }
}
