using System.Text.Json.Serialization;

namespace KapsoArchive.Core.Journal;

/// <summary>One entry of a run's journal: what has become safe since the entry before.</summary>
/// <param name="Files">The parts that were staged whole.</param>
/// <param name="HasEntries">Whether a <c>.entries</c> document tells of the parts' rows.</param>
/// <param name="RejectedCount">Lines in the <c>.rejected</c> document; there is none where it is 0.</param>
/// <param name="HasPaused">Whether a <c>.paused</c> document holds conversations that were left half read.</param>
/// <param name="Requests">Requests since the entry before; likewise the other counts.</param>
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
    /// <summary>In the names of the documents that belong to this entry; null in journals of an earlier program.</summary>
    public string? Tag { get; init; }

    /// <summary>The run that it belongs to; null in entries of an earlier program.</summary>
    public string? RunId { get; init; }

    /// <summary>Further documents that tell of the parts' rows, numbered from 1.</summary>
    public int MoreEntries { get; init; }

    /// <summary>The most records that could be requested at once, if larger pages failed; null if none failed.</summary>
    public int? WorkingSize { get; init; }

    /// <summary>Values of the messages that their columns do not hold.</summary>
    public long Unfit { get; init; }

    /// <summary>Messages whose text had to be repaired.</summary>
    public long Repaired { get; init; }

    /// <summary>
    /// Of an export of a span: by conversation, how many messages were left out until now because their time is absent or unreadable. A
    /// later entry takes the place of an earlier one. Null for none.
    /// </summary>
    public IReadOnlyDictionary<string, long>? LeftOut { get; init; }

    /// <summary>The conversations that are finished, which a <c>.done</c> document holds; all their rows lie in the parts of this entry or
    /// of those before.</summary>
    [JsonIgnore]
    public PackedRecords Done { get; init; } = PackedRecords.None;

    /// <summary>The SHA-256 of that document; null in entries of an earlier program.</summary>
    public string? DoneSha256 { get; init; }

    /// <summary>The same where there is no such document; null where there is.</summary>
    [JsonPropertyName("done")]
    public InlineRecords? InlineDone { get; init; }
}
