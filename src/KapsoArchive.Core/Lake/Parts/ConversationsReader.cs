using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Reads a file of the conversations dataset, one row group per batch. The requirements of <see cref="PartReader"/> apply here
/// too.</summary>
public static class ConversationsReader
{
    /// <param name="content">The file; seekable. The caller disposes it.</param>
    /// <exception cref="InvalidDataException">The content is not such a file. Exceptions of the stream itself pass unchanged.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<ConversationRow>> ReadAsync(
        Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ParquetFileReader<ConversationRow> file = await ParquetFileReader<ConversationRow>.OpenAsync(
            Datasets.Conversations, content, cancellationToken);
        for (int group = 0; group < file.GroupCount; group++)
            yield return await ReadGroupAsync(file, group, cancellationToken);
    }

    private static async Task<IReadOnlyList<ConversationRow>> ReadGroupAsync(
        ParquetFileReader<ConversationRow> file, int group, CancellationToken cancellationToken)
    {
        int count = file.RowCount(group);
        RunStamp[] runs = await file.ReadRunsAsync(group, cancellationToken);
        Dictionary<string, Utf8Text[]> texts = [];
        Dictionary<string, long?[]> numbers = [];
        foreach (Column<ConversationRow> column in Datasets.Conversations.Columns.Where(c => file.Has(c.Name)))
        {
            if (column is TextColumn<ConversationRow>)
            {
                Utf8Text[] values = texts[column.Name] = new Utf8Text[count];
                await file.ReadTextAsync(group, column.Name, (i, v) => values[i] = v, cancellationToken);
            }
            else
            {
                long?[] values = numbers[column.Name] = new long?[count];
                await file.ReadLongsAsync(group, column.Name, (i, v) => values[i] = v, cancellationToken);
            }
        }

        return [.. runs.Select((run, i) => Row(
            run,
            column => texts.TryGetValue(column, out Utf8Text[]? values) ? values[i] : default,
            column => numbers[column][i],
            file.Has("sweep")))];
    }

    private static ConversationRow Row(RunStamp run, Func<string, Utf8Text> text, Func<string, long?> number, bool hasSweep)
    {
        ConversationOutcome outcome = Datasets.ToOutcome(text("outcome").Span);
        return new ConversationRow
        {
            ConversationId = text("conversation_id").ToString()!,
            Run = run,
            Outcome = outcome,
            PhoneNumber = text("phone_number").ToString(),
            ContactName = text("contact_name").ToString(),
            BusinessScopedUserId = text("business_scoped_user_id").ToString(),
            Username = text("username").ToString(),
            Status = text("status").ToString(),
            LastActiveAt = number("last_active_at"),
            Extra = text("extra").ToString(),
            Reason = text("reason").ToString(),
            ReportedCount = number("reported_count"),
            DistinctCount = number("distinct_count")!.Value,
            Added = number("added")!.Value,
            Changed = number("changed")!.Value,
            Removed = number("removed")!.Value,
            Rejected = number("rejected")!.Value,
            Pages = number("pages")!.Value,
            Sweeps = number("sweeps")!.Value,
            Sweep = hasSweep ? Datasets.ToSweepKind(text("sweep").Span) : SweepBeforeItsColumn(outcome),
        };
    }

    /// <summary>Schema version 1 had full sweeps only.</summary>
    private static SweepKind SweepBeforeItsColumn(ConversationOutcome outcome) =>
        outcome is ConversationOutcome.Complete or ConversationOutcome.Incomplete ? SweepKind.Full : SweepKind.None;
}
