using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>What one run is asked to do.</summary>
public sealed record RunRequest
{
    public required ConversationSelection Conversations { get; init; }

    public required IReadOnlyList<PartFormat> Formats { get; init; }

    /// <summary>What started it: <c>cli</c>, <c>timer</c>, <c>http</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>Whether to read every conversation whole, whatever the index proves.</summary>
    public bool Full { get; init; }
}
