using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Runs.Discovery;

/// <summary>The content of the list of conversations.</summary>
/// <param name="Rejected">Its rows that are not conversations.</param>
/// <param name="Proof">Whether the list is complete.</param>
internal sealed record FoundConversations(FoundList Conversations, IReadOnlyList<RejectedRecord> Rejected, ManifestDiscovery Proof);
