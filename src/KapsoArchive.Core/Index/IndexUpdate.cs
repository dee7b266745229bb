using KapsoArchive.Core.Lake.Fingerprints;

namespace KapsoArchive.Core.Index;

/// <summary>What a committed run means for the index.</summary>
internal sealed record IndexUpdate
{
    public required string RunId { get; init; }

    /// <summary>The committed run before it; null for the first.</summary>
    public required string? PreviousRunId { get; init; }

    /// <summary>The version of the fingerprints that the run read with.</summary>
    public int Fingerprints { get; init; } = Fingerprint.CurrentVersion;

    /// <inheritdoc cref="IndexCatalog.DiscoveredAt"/>
    public long? DiscoveredAt { get; init; }

    /// <inheritdoc cref="IndexCatalog.ListedAt"/>
    public long? ListedAt { get; init; }

    /// <summary>Throws if another writer took over.</summary>
    public Func<CancellationToken, Task> Check { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Every conversation of the run, once: by id, ordinal.</summary>
    public required IEnumerable<ConversationVisit> Visits { get; init; }

    /// <summary>What was written of them: by conversation, ordinal, each in one piece or several.</summary>
    public required IAsyncEnumerable<ConversationChanges> Changes { get; init; }
}
