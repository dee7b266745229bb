using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>What the list of conversations has.</summary>
/// <param name="Rejected">Its rows that are no conversation.</param>
/// <param name="Proof">Whether that is all.</param>
internal sealed record FoundConversations(FoundList Conversations, IReadOnlyList<RejectedRecord> Rejected, ManifestDiscovery Proof);
