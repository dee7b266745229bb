namespace KapsoArchive.Core.Lake;

/// <summary>The outcome of reading one conversation.</summary>
public enum ConversationOutcome
{
    /// <summary>The archive has every message that the source lists.</summary>
    Complete,

    /// <summary>The archive has what was read, but completeness could not be proved.</summary>
    Incomplete,

    /// <summary>The archive knows it, but the source does not any more.</summary>
    Gone,

    /// <summary>It could not be read.</summary>
    Failed,
}

/// <summary>How much of a conversation's listing was read.</summary>
public enum SweepKind
{
    /// <summary>Nothing: it is gone or could not be read.</summary>
    None,

    /// <summary>The newest pages, as far as the archive proves the rest.</summary>
    Head,

    /// <summary>Every page.</summary>
    Full,
}

/// <summary>The result of one run for one conversation.</summary>
public sealed record ConversationRow
{
    public required string ConversationId { get; init; }

    public required RunStamp Run { get; init; }

    public required ConversationOutcome Outcome { get; init; }

    public string? PhoneNumber { get; init; }

    public string? ContactName { get; init; }

    /// <summary>The contact's id within the business. It identifies people without a known phone number.</summary>
    public string? BusinessScopedUserId { get; init; }

    public string? Username { get; init; }

    public string? Status { get; init; }

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    public long? LastActiveAt { get; init; }

    /// <summary>A JSON object with the remaining members of the list's entry; null if empty.</summary>
    public string? Extra { get; init; }

    public string? Reason { get; init; }

    /// <summary>For an export: where its messages come from; null if none could be read.</summary>
    public ExportSource? From { get; init; }

    /// <summary>For an export: the start of the run that read it, in microseconds since 1970-01-01 UTC. For the archive, the last run that
    /// showed it to be complete; null if none did.</summary>
    public long? AsOf { get; init; }

    /// <summary>Up to when, and for whom, an export speaks; null if it has nothing of the conversation, and for an archive run.</summary>
    public string? Provenance =>
        From is { } from ? ManifestProvenance.Statement(from, AsOf is { } time ? Timestamp.FromMicros(time) : null) : null;

    /// <summary><see cref="Provenance"/>, and why it is not complete.</summary>
    public string? Remark => Provenance is null || Reason is null ? Provenance ?? Reason : $"{Provenance}; {Reason}";

    /// <summary>Whether neither the archive nor the source knows the conversation.</summary>
    internal bool IsUnknownToSource => Reason == IncompleteReason.NotFound;

    public long? ReportedCount { get; init; }

    public long DistinctCount { get; init; }

    public long Added { get; init; }

    public long Changed { get; init; }

    public long Removed { get; init; }

    public long Rejected { get; init; }

    public long Pages { get; init; }

    public long Sweeps { get; init; }

    public SweepKind Sweep { get; init; }
}
