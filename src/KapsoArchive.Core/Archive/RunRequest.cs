using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Archive;

/// <summary>What one run is asked to do.</summary>
public sealed record RunRequest
{
    public RunKind Kind { get; init; } = RunKind.Archive;

    public required ConversationSelection Conversations { get; init; }

    /// <summary>Of an export: which messages, by <c>created_at</c>.</summary>
    public TimeRange Range { get; init; } = TimeRange.All;

    public required IReadOnlyList<PartFormat> Formats { get; init; }

    /// <summary>What started it: <c>cli</c>, <c>timer</c>, <c>http</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>The ids of conversations of which a person says that what is missing was removed.</summary>
    public IReadOnlyList<string> AcceptedRemovals { get; init; } = [];

    /// <summary>Whether to read every conversation whole, whatever the index proves.</summary>
    public bool Full { get; init; }
}
