namespace KapsoArchive.Core.Lake;

/// <summary>How the file behind a message stands.</summary>
public enum MediaOutcome
{
    /// <summary>The archive has it.</summary>
    Stored,

    /// <summary>It could not be fetched, and is tried again.</summary>
    Waiting,

    /// <summary>The link is dead.</summary>
    Gone,

    /// <summary>It is larger than the archive takes.</summary>
    TooLarge,

    /// <summary>Its host refuses it, or the link leads where the program does not go.</summary>
    Refused,

    /// <summary>It was tried until its time was over.</summary>
    Failed,
}

/// <summary>One attempt to fetch the file behind a message.</summary>
public sealed record MediaRow
{
    public required string ConversationId { get; init; }

    public required string MessageId { get; init; }

    public required RunStamp Run { get; init; }

    /// <summary>16 lower-case hex digits.</summary>
    public required string LinkFingerprint { get; init; }

    public required MediaOutcome Outcome { get; init; }

    public string? FileName { get; init; }

    /// <summary>The declared type.</summary>
    public string? ContentType { get; init; }

    public string? DetectedType { get; init; }

    public long? Bytes { get; init; }

    /// <summary>64 lower-case hex digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>See <see cref="Layout.MediaFile"/>.</summary>
    public string? Path { get; init; }

    public string? Reason { get; init; }

    public long Attempts { get; init; }

    /// <summary>Whether this row, and not the one of an earlier run, says how the file stands: a stored file stays stored.</summary>
    /// <param name="isStored">Whether the earlier row is that of a stored file.</param>
    internal bool CountsAfter(bool isStored) => Outcome == MediaOutcome.Stored || !isStored;
}
