namespace KapsoArchive.Sandbox.Http;

/// <summary>The listed conversations at one version of the data.</summary>
internal sealed class SortedConversations
{
    private readonly SandboxConversation[] _all;
    private readonly Dictionary<string, SandboxConversation[]> _byStatus;

    public SortedConversations(long version, IEnumerable<SandboxConversation> conversations)
    {
        Version = version;
        // The sort is stable, so that equal times keep the same order on every request.
        _all = [.. conversations.OrderByDescending(conversation => conversation.LastActiveAt)];
        _byStatus = _all.GroupBy(conversation => conversation.Status, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    public long Version { get; }

    public SandboxConversation[] WithStatus(string? status) =>
        string.IsNullOrEmpty(status) ? _all : _byStatus.GetValueOrDefault(status, []);
}
