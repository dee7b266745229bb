namespace KapsoArchive.Core.Journal;

/// <summary>One entry of a run's journal: what has become durable since the entry before.</summary>
/// <param name="Files">The completely staged parts.</param>
/// <param name="HasEntries">Whether a <c>.entries</c> document describes the rows of the parts.</param>
/// <param name="RejectedCount">Lines in the <c>.rejected</c> document; if 0, the document does not exist.</param>
/// <param name="HasPaused">Whether a <c>.paused</c> document holds conversations that were only partly read.</param>
/// <param name="Requests">Requests since the entry before; the other counts likewise.</param>
internal sealed record Checkpoint(
    int Number,
    [property: JsonRequired] IReadOnlyList<RunFile> Files,
    bool HasEntries,
    long RejectedCount,
    bool HasPaused,
    long Messages,
    long Requests,
    long Retries,
    long Throttled)
{
    /// <summary>Part of the names of the documents that belong to this entry; null in journals of an earlier program.</summary>
    public string? Tag { get; init; }

    /// <summary>The run to which the entry belongs; null in entries of an earlier program.</summary>
    public string? RunId { get; init; }

    /// <summary>Number of further documents that describe the rows of the parts, numbered from 1.</summary>
    public int MoreEntries { get; init; }

    /// <summary>Maximum number of records that could be requested at once, if larger pages failed; null if none failed.</summary>
    public int? WorkingSize { get; init; }

    /// <summary>Number of message values that do not fit their columns.</summary>
    public long Unfit { get; init; }

    /// <summary>Number of messages whose text had to be repaired.</summary>
    public long Repaired { get; init; }

    /// <summary>For an export of a time range: by conversation, the number of messages left out so far because their time is missing or
    /// unreadable. A later entry replaces an earlier one. Null for none.</summary>
    public IReadOnlyDictionary<string, long>? LeftOut { get; init; }

    /// <summary>The finished conversations, stored in a <c>.done</c> document. All their rows are in the parts of this entry or of
    /// earlier ones.</summary>
    [JsonIgnore]
    public PackedItems Done { get; init; } = PackedItems.None;

    /// <summary>SHA-256 of that document; null in entries of an earlier program.</summary>
    public string? DoneSha256 { get; init; }

    /// <summary>Number of <c>.links</c> documents, with the files behind the messages of this entry that are to be fetched.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Links { get; init; }

    /// <summary>Number of files in the <c>.tried</c> document, which the run has tried to fetch; if 0, it does not exist.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Tried { get; init; }

    /// <summary>The time that trying them took, in seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double TriedSeconds { get; init; }

    /// <summary>Whether a <c>.waiting</c> document has the files that the run found waiting in the archive.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasWaiting { get; init; }

    /// <summary>The state of the run after this entry; null in entries of an earlier program.</summary>
    public ResumePoint? Resume { get; init; }

    /// <summary>An entry of the work on files, after all messages are read.</summary>
    public static Checkpoint OfFiles(int number, IReadOnlyList<RunFile> files, int? workingSize) =>
        new(number, files, HasEntries: false, RejectedCount: 0, HasPaused: false, Messages: 0, Requests: 0, Retries: 0, Throttled: 0)
        {
            Tag = RunJournal.NewTag(),
            WorkingSize = workingSize,
        };

    /// <summary>The finished conversations, decoded at each access.</summary>
    public IEnumerable<JournalVisit> Visits(RunStamp run) => Done.Read(reader => JournalVisit.Read(reader, run));
}
