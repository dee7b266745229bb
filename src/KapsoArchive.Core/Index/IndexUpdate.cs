using KapsoArchive.Core.Lake.Fingerprints;

namespace KapsoArchive.Core.Index;

/// <summary>What a committed run means for the index.</summary>
internal sealed record IndexUpdate
{
    public required string RunId { get; init; }

    /// <summary>The preceding committed run; null for the first.</summary>
    public required string? PreviousRunId { get; init; }

    /// <summary>Version of the fingerprints that the run used.</summary>
    public int Fingerprints { get; init; } = Fingerprint.CurrentVersion;

    /// <inheritdoc cref="IndexCatalog.DiscoveredAt"/>
    public long? DiscoveredAt { get; init; }

    /// <inheritdoc cref="IndexCatalog.ListedAt"/>
    public long? ListedAt { get; init; }

    /// <summary>Throws if another writer took over.</summary>
    public Func<CancellationToken, Task> Check { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Every conversation of the run, once, in the ordinal order of ids.</summary>
    public required IEnumerable<ConversationVisit> Visits { get; init; }

    /// <summary>The rows that were written, in the ordinal order of conversation ids, each conversation in one or more pieces.</summary>
    public required IAsyncEnumerable<ConversationChanges> Changes { get; init; }
}
