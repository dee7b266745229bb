namespace KapsoArchive.Core.Journal;

/// <summary>Counts of a run so far.</summary>
/// <param name="Done">The finished conversations.</param>
/// <param name="NotComplete">The finished conversations that are incomplete or failed.</param>
/// <param name="Parts">The closed parts, in one format.</param>
/// <param name="Messages">The rows in them.</param>
internal sealed record JournalSums(int Done, int NotComplete, int Parts, long Messages, long Requests, long Retries, long Throttled)
{
    public static JournalSums None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>The files that the run has tried to fetch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Tried { get; init; }

    /// <summary>The time that trying them took, in seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double TriedSeconds { get; init; }

    /// <summary>The counts after one more entry.</summary>
    public JournalSums Plus(Checkpoint entry, JournalHead head)
    {
        string format = Layout.Names(head.PartFormats[0]).Format;
        return new JournalSums(
            Done + entry.Done.Count,
            NotComplete + entry.Visits(head.Run).Count(v => v.Row.Outcome is ConversationOutcome.Incomplete or ConversationOutcome.Failed),
            Parts + entry.Files.Count(f => f.Entry.Format == format),
            Messages + entry.Messages,
            Requests + entry.Requests,
            Retries + entry.Retries,
            Throttled + entry.Throttled)
        {
            Tried = Tried + entry.Tried,
            TriedSeconds = TriedSeconds + entry.TriedSeconds,
        };
    }
}
