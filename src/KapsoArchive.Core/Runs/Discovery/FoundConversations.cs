using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Runs.Discovery;

/// <summary>What the list of conversations has.</summary>
/// <param name="Rejected">Its rows that are no conversation.</param>
/// <param name="Proof">Whether that is all.</param>
internal sealed record FoundConversations(FoundList Conversations, IReadOnlyList<RejectedRecord> Rejected, ManifestDiscovery Proof);
