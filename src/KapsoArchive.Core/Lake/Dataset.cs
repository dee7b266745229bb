namespace KapsoArchive.Core.Lake;

/// <summary>A folder of parts with one schema.</summary>
/// <param name="SortedBy">The sort columns of a row group, by position; null comes first.</param>
public sealed record Dataset<TRow>(string Name, IReadOnlyList<Column<TRow>> Columns, IReadOnlyList<int> SortedBy)
{
    /// <summary>The schema version of the newest column.</summary>
    public int Version => Columns.Max(column => column.Since);
}

/// <summary>The datasets of the lake. The schema is a contract: columns are only added, each with a later <see
/// cref="Column{TRow}.Since"/>.</summary>
public static class Datasets
{
    /// <summary>The schema version of the newest column.</summary>
    public static int SchemaVersion => Math.Max(Math.Max(Messages.Version, Conversations.Version), Media.Version);

    public const string MessagesJsonl = "messages_jsonl";

    public const string MessagesCsv = "messages_csv";

    public const string MessagesHtml = "messages_html";

    public const string MessagesXlsx = "messages_xlsx";

    public const string ConversationsJsonl = "conversations_jsonl";

    public const string ConversationsCsv = "conversations_csv";

    /// <summary>The one file that has all others of an export.</summary>
    public const string Zip = "zip";

    public const string Rejected = "_rejected";

    /// <summary>The files behind the messages, as they were received. Below a name that readers of the lake ignore.</summary>
    public const string MediaFiles = "_media";

    private static readonly Utf8Text[] Changes = [Utf8Text.From("added"), Utf8Text.From("changed"), Utf8Text.From("removed")];

    private static readonly Utf8Text[] Outcomes = [Utf8Text.From("complete"), Utf8Text.From("incomplete"), Utf8Text.From("gone"),
        Utf8Text.From("failed")];

    private static readonly Utf8Text[] MediaOutcomes = [Utf8Text.From("stored"), Utf8Text.From("waiting"), Utf8Text.From("gone"),
        Utf8Text.From("too_large"), Utf8Text.From("refused"), Utf8Text.From("failed")];

    private static readonly Utf8Text[] SweepKinds = [Utf8Text.From("none"), Utf8Text.From("head"), Utf8Text.From("full")];

    /// <summary>The append-only log of message versions.</summary>
    public static Dataset<MessageRow> Messages { get; } = new(
        "messages",
        [
            new TextColumn<MessageRow>(
                "conversation_id", true, true, r => r.ConversationId, "The conversation whose listing held the message."),
            new TextColumn<MessageRow>("id", true, false, r => r.Id, "The source's message id.") { Origin = ColumnOrigin.Record },
            new TimestampColumn<MessageRow>(
                "created_at", false, r => r.CreatedAt, "When the message was created; null if absent or unreadable.")
                { Origin = ColumnOrigin.Record },
            new TimestampColumn<MessageRow>(
                "updated_at", false, r => r.UpdatedAt, "When the message last changed at the source; null if absent or unreadable.")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>(
                "direction", false, true, r => r.Direction, "inbound, outbound, or another.")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>(
                "status", false, true, r => r.Status, "pending, sent, delivered, read, failed, received, or another.")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>(
                "processing_status", false, true, r => r.ProcessingStatus, "pending, processed, completed, blocked, or another.")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>(
                "message_type", false, true, r => r.MessageType, "text, image, audio, template, reaction, … or another.")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>("phone_number", false, true, r => r.PhoneNumber, "The other party's number as sent.")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>("whatsapp_message_id", false, false, r => r.WhatsappMessageId, "Meta's id, wamid.…")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>("content", false, false, r => r.Content, "The text; for media a description in words.")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>(
                "media_url", false, false, r => r.MediaUrl, "A signed link that opens without a key: treat it as a secret.")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>("metadata", false, false, r => r.Metadata, "JSON as sent.") { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>(
                "message_type_data", false, false, r => r.MessageTypeData, "JSON as sent; its shape goes with message_type.")
                { Origin = ColumnOrigin.Record },
            new TextColumn<MessageRow>("extra", false, false, r => r.Extra,
                "JSON object: members without a column, and originals that their column does not give back as they were.")
                { Origin = ColumnOrigin.Record },
            new CountColumn<MessageRow>("position", false, r => r.Position,
                "The place among the messages of its conversation as this run listed them; larger is later. "
                + "Orders messages with the same `created_at`; null if unknown.") { Since = 3 },
            new TextColumn<MessageRow>(
                "change", true, true, r => Changes[(int)r.Change], "added, changed or removed, compared with what was archived before."),
            new TimestampColumn<MessageRow>("archived_at", true, r => r.Run.ArchivedAtMicros, "The run's start; one value per run."),
            new TextColumn<MessageRow>("run_id", true, true, r => r.Run.RunIdText, "The run that wrote the row."),
        ],
        SortedBy: [0, 2, 15, 1]);

    /// <summary>One row per conversation of a run: the proof of completeness.</summary>
    public static Dataset<ConversationRow> Conversations { get; } = new(
        "conversations",
        [
            new TextColumn<ConversationRow>("conversation_id", true, false, r => Utf8Text.From(r.ConversationId), "The conversation."),
            new TextColumn<ConversationRow>("phone_number", false, false, r => Utf8Text.From(r.PhoneNumber),
                "The other party's number, as the source last gave it; null if it never did."),
            new TextColumn<ConversationRow>("contact_name", false, false, r => Utf8Text.From(r.ContactName),
                "The contact's name, as the source last gave it; null if it never did."),
            new TextColumn<ConversationRow>("business_scoped_user_id", false, false, r => Utf8Text.From(r.BusinessScopedUserId),
                "The contact's id within the business, which stays when no number is known; null if the source never gave one.")
                { Since = 3 },
            new TextColumn<ConversationRow>("username", false, false, r => Utf8Text.From(r.Username),
                "The contact's user name, as the source last gave it; null if it never did.") { Since = 3 },
            new TextColumn<ConversationRow>("status", false, true, r => Utf8Text.From(r.Status),
                "active, ended, or another; null if the run did not find the conversation in the source's list."),
            new TimestampColumn<ConversationRow>(
                "last_active_at", false, r => r.LastActiveAt, "Null as for status, or if the source gives no time that can be read."),
            new TextColumn<ConversationRow>("extra", false, false, r => Utf8Text.From(r.Extra),
                "JSON object: members of the source's list without a column, and values that their column cannot hold; repaired as in "
                + "messages, with its own text in _record_base64; null as for status.") { Since = 3 },
            new TextColumn<ConversationRow>("outcome", true, true, r => Outcomes[(int)r.Outcome], "complete, incomplete, gone or failed."),
            new TextColumn<ConversationRow>(
                "reason", false, true, r => Utf8Text.From(r.Remark),
                "Why it is not complete, in words; null if it is complete. Of an export, first as of when, and from where."),
            new CountColumn<ConversationRow>(
                "reported_count", false, r => r.ReportedCount, "The source's total_count on the last page read; null if it gave none."),
            new CountColumn<ConversationRow>("distinct_count", true, r => r.DistinctCount, "Distinct messages read."),
            new CountColumn<ConversationRow>("added", true, r => r.Added, "Rows written as added."),
            new CountColumn<ConversationRow>("changed", true, r => r.Changed, "Rows written as changed."),
            new CountColumn<ConversationRow>("removed", true, r => r.Removed, "Rows written as removed."),
            new CountColumn<ConversationRow>("rejected", true, r => r.Rejected, "Rejected records; they are in _rejected."),
            new CountColumn<ConversationRow>("pages", true, r => r.Pages, "Pages read."),
            new CountColumn<ConversationRow>("sweeps", true, r => r.Sweeps, "Sweeps of the listing."),
            new TextColumn<ConversationRow>("sweep", true, true, r => SweepKinds[(int)r.Sweep],
                "full: every page was read; head: the newest, as far as the archive proves the rest; none: nothing was read.")
                { Since = 2 },
            new TextColumn<ConversationRow>("run_id", true, true, r => r.Run.RunIdText, "The run that wrote the row."),
            new TimestampColumn<ConversationRow>("archived_at", true, r => r.Run.ArchivedAtMicros, "The run's start; one value per run."),
        ],
        SortedBy: [0]);

    /// <summary>One row for each attempt to fetch the file behind a message, with its outcome.</summary>
    public static Dataset<MediaRow> Media { get; } = new(
        "media",
        [
            new TextColumn<MediaRow>("conversation_id", true, true, r => Utf8Text.From(r.ConversationId), "The message's conversation."),
            new TextColumn<MediaRow>("message_id", true, false, r => Utf8Text.From(r.MessageId), "The message: `id` in messages."),
            new TextColumn<MediaRow>("link_fingerprint", true, false, r => Utf8Text.From(r.LinkFingerprint),
                "The first 16 hex digits of the SHA-256 of the link that was tried. The link itself is a secret."),
            new TextColumn<MediaRow>("filename", false, false, r => Utf8Text.From(r.FileName), "The file's name, as the message has it."),
            new TextColumn<MediaRow>("content_type", false, true, r => Utf8Text.From(r.ContentType),
                "The type that the answer declared, else the message; nobody checked it."),
            new TextColumn<MediaRow>("detected_type", false, true, r => Utf8Text.From(r.DetectedType),
                "The type by the file's own signature; application/octet-stream if unknown. Null unless stored."),
            new CountColumn<MediaRow>("bytes", false, r => r.Bytes, "The file's size; null unless stored."),
            new TextColumn<MediaRow>("sha256", false, false, r => Utf8Text.From(r.Sha256), "The SHA-256 of the file; null unless stored."),
            new TextColumn<MediaRow>("path", false, false, r => Utf8Text.From(r.Path),
                "The file in the data area, or in the export; messages with the same file share it. Null unless stored."),
            new TextColumn<MediaRow>("outcome", true, true, r => MediaOutcomes[(int)r.Outcome],
                "stored; waiting: it is tried again; gone: the link is dead; too_large; refused: the host or the program refuses it; "
                + "failed: given up."),
            new TextColumn<MediaRow>("reason", false, true, r => Utf8Text.From(r.Reason), "Why it is not stored, in words."),
            new CountColumn<MediaRow>("attempts", true, r => r.Attempts, "How many nights have tried it, this one included."),
            new TimestampColumn<MediaRow>("archived_at", true, r => r.Run.ArchivedAtMicros, "The run's start; one value per run."),
            new TextColumn<MediaRow>("run_id", true, true, r => r.Run.RunIdText, "The run that tried it."),
        ],
        SortedBy: [0, 1]);

    /// <summary>The name of an outcome in the lake.</summary>
    internal static string Name(MediaOutcome outcome) => MediaOutcomes[(int)outcome].ToString()!;

    /// <exception cref="InvalidDataException">The lake does not define such an outcome.</exception>
    internal static MediaOutcome ToMediaOutcome(ReadOnlySpan<byte> name) => (MediaOutcome)IndexOf(MediaOutcomes, name, "outcome");

    /// <summary>The name of an outcome in the lake.</summary>
    internal static string Name(ConversationOutcome outcome) => Outcomes[(int)outcome].ToString()!;

    /// <summary>The name of a change in the lake.</summary>
    internal static ReadOnlySpan<byte> Name(Change change) => Changes[(int)change].Span;

    /// <exception cref="InvalidDataException">The lake does not define such a change.</exception>
    internal static Change ToChange(ReadOnlySpan<byte> name) => (Change)IndexOf(Changes, name, "change");

    /// <exception cref="InvalidDataException">The lake does not define such an outcome.</exception>
    internal static ConversationOutcome ToOutcome(ReadOnlySpan<byte> name) => (ConversationOutcome)IndexOf(Outcomes, name, "outcome");

    /// <exception cref="InvalidDataException">The lake does not define such a sweep.</exception>
    internal static SweepKind ToSweepKind(ReadOnlySpan<byte> name) => (SweepKind)IndexOf(SweepKinds, name, "sweep");

    private static int IndexOf(Utf8Text[] names, ReadOnlySpan<byte> name, string column)
    {
        for (int i = 0; i < names.Length; i++)
        {
            if (name.SequenceEqual(names[i].Span))
                return i;
        }

        throw new InvalidDataException($"A {column} must be one of {string.Join(", ", names)}.");
    }
}
