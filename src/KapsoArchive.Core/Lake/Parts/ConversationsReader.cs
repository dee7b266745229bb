namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Reads a file of the conversations dataset, one row group per batch. The requirements of <see cref="PartReader"/> apply here
/// too.</summary>
public static class ConversationsReader
{
    /// <param name="content">The file; seekable. The caller disposes it.</param>
    /// <exception cref="InvalidDataException">The content is not such a file. Exceptions of the stream itself pass unchanged.</exception>
    public static IAsyncEnumerable<IReadOnlyList<ConversationRow>> ReadAsync(Stream content, CancellationToken cancellationToken) =>
        DatasetFile.ReadAsync(Datasets.Conversations, content, Row, isWanted: null, cancellationToken);

    private static ConversationRow Row(RowColumns row)
    {
        ConversationOutcome outcome = Datasets.ToOutcome(row.Bytes("outcome").Span);
        return new ConversationRow
        {
            ConversationId = row.Text("conversation_id")!,
            Run = row.Run,
            Outcome = outcome,
            PhoneNumber = row.Text("phone_number"),
            ContactName = row.Text("contact_name"),
            BusinessScopedUserId = row.Text("business_scoped_user_id"),
            Username = row.Text("username"),
            Status = row.Text("status"),
            LastActiveAt = row.Number("last_active_at"),
            Extra = row.Text("extra"),
            Reason = row.Text("reason"),
            ReportedCount = row.Number("reported_count"),
            DistinctCount = row.Number("distinct_count")!.Value,
            Added = row.Number("added")!.Value,
            Changed = row.Number("changed")!.Value,
            Removed = row.Number("removed")!.Value,
            Rejected = row.Number("rejected")!.Value,
            Pages = row.Number("pages")!.Value,
            Sweeps = row.Number("sweeps")!.Value,
            Sweep = row.Has("sweep") ? Datasets.ToSweepKind(row.Bytes("sweep").Span) : SweepBeforeItsColumn(outcome),
        };
    }

    /// <summary>Schema version 1 had full sweeps only.</summary>
    private static SweepKind SweepBeforeItsColumn(ConversationOutcome outcome) =>
        outcome is ConversationOutcome.Complete or ConversationOutcome.Incomplete ? SweepKind.Full : SweepKind.None;
}
