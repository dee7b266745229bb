namespace KapsoArchive.Core.Index;

/// <summary>What a run's row of the conversations dataset means for the index.</summary>
/// <param name="IsFull">Whether every page was read and shown to be complete, or the conversation is known to be gone.</param>
/// <param name="IsUnknownToSource">Whether the source reported that the conversation does not exist.</param>
/// <param name="ArchivedAt">The run's start, in microseconds.</param>
/// <param name="Written">Approximate number of rows that the run wrote of it.</param>
/// <param name="Rejected">Number of rejected records in the listing; null if the run did not learn it.</param>
internal sealed record ConversationVisit(
    string ConversationId, ConversationOutcome Outcome, bool IsFull, bool IsUnknownToSource, long ArchivedAt, long Written, int? Rejected,
    ulong RejectedDigest)
{
    public IndexedNames Names { get; init; } = IndexedNames.None;

    /// <summary>Whether the source's count was right; null unless every page was read and shown to be complete.</summary>
    public bool? CountAgreed { get; init; }

    public static ConversationVisit Of(ConversationRow row, bool isUnknownToSource, ulong rejectedDigest) => new(
        row.ConversationId,
        row.Outcome,
        row is { Outcome: ConversationOutcome.Complete, Sweep: SweepKind.Full } or { Outcome: ConversationOutcome.Gone },
        isUnknownToSource,
        row.Run.ArchivedAtMicros,
        row.Added + row.Changed + row.Removed,
        row.Outcome == ConversationOutcome.Complete ? (int)row.Rejected : null,
        rejectedDigest)
    {
        Names = new IndexedNames(row.PhoneNumber, row.ContactName, row.BusinessScopedUserId, row.Username),
        CountAgreed = row is { Outcome: ConversationOutcome.Complete, Sweep: SweepKind.Full }
            ? row.ReportedCount == row.DistinctCount + row.Rejected
            : null,
    };
}
