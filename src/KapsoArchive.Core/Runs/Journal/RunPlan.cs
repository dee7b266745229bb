namespace KapsoArchive.Core.Runs.Journal;

/// <summary>The conversations that a run reads, by id, found once and kept, so that the run stays the same run when it is taken up again.</summary>
/// <param name="ActiveSince">From when on the source was asked for active conversations; null where it was not asked, or for all.</param>
/// <param name="IsWholeList">Whether the whole list of conversations was read.</param>
/// <param name="Rejected">Lines of <c>_rejected</c>: conversations without an id.</param>
internal sealed record RunPlan(IReadOnlyList<PlannedConversation> Conversations, DateTimeOffset? ActiveSince, bool IsWholeList, byte[] Rejected, long RejectedCount);

/// <summary>One conversation to read.</summary>
/// <param name="Full">Whether every page is to be read.</param>
/// <param name="Due">Whether that is because its turn has come, and for no other reason.</param>
internal sealed record PlannedConversation(
    string Id, string? PhoneNumber, string? ContactName, string? Status, DateTimeOffset? LastActiveAt, bool Full, bool Due);
