namespace KapsoArchive.Core.Archive;

/// <summary>What one run is asked to do.</summary>
public sealed record RunRequest
{
    public RunKind Kind { get; init; } = RunKind.Archive;

    public required ConversationSelection Conversations { get; init; }

    /// <summary>For an export: which messages, by <c>created_at</c>.</summary>
    public TimeRange Range { get; init; } = TimeRange.All;

    /// <summary>For an export: which messages besides, and from where.</summary>
    public ExportChoice Choice { get; init; } = new();

    /// <summary>For an export: the zone of the times in its documents, by its name in the tz database; null for UTC.</summary>
    public string? TimeZone { get; init; }

    public required IReadOnlyList<PartFormat> Formats { get; init; }

    /// <summary>For an export: whether to make one zip of its files, with readable names.</summary>
    public bool Zip { get; init; }

    /// <summary>What started it: <c>cli</c>, <c>timer</c>, <c>http</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>The ids of the conversations whose missing messages a person accepts as removed.</summary>
    public IReadOnlyList<string> AcceptedRemovals { get; init; } = [];

    /// <summary>For an export: the URL to call when it has ended; null for none.</summary>
    public Uri? Callback { get; init; }

    /// <summary>Whether to read no conversation, and only to fetch the files that wait.</summary>
    public bool OnlyFiles { get; init; }

    /// <summary>A run that only fetches the files that wait.</summary>
    public static RunRequest OfFiles(IReadOnlyList<PartFormat> formats, string trigger) =>
        new() { Conversations = ConversationSelection.None, Formats = formats, Trigger = trigger, OnlyFiles = true };

    /// <summary>Whether it is the nightly run: it reads all that the settings name, or every conversation.</summary>
    public bool IsNightly { get; init; }

    /// <summary>Whether to read every page of every conversation, even if the index proves the rest.</summary>
    public bool Full { get; init; }
}
