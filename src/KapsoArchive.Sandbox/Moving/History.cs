namespace KapsoArchive.Sandbox.Moving;

/// <summary>The history of one message: when it was listed, and every version of its record.</summary>
internal sealed class History(SandboxMessage message, long added, History? earlier)
{
    private const long StillListed = long.MaxValue;

    private readonly List<SandboxVersion> _versions = [new(added, message.Record)];
    private long _removed = StillListed;

    public bool IsMalformed => message.IsMalformed;

    public bool IsListed => _removed == StillListed;

    public ReadOnlyMemory<byte> Record => _versions[^1].Record;

    /// <summary>All versions, oldest first, including those before a deletion.</summary>
    public IEnumerable<SandboxVersion> Versions => earlier is null ? _versions : earlier.Versions.Concat(_versions);

    public void Change(long afterRequest, ReadOnlyMemory<byte> record) => _versions.Add(new(afterRequest, record));

    public void Remove(long afterRequest) => _removed = afterRequest;

    /// <summary>Whether the message was listed at every request of the range.</summary>
    public bool ListedThroughout(long from, long to) => (added < from && _removed >= to) || earlier?.ListedThroughout(from, to) == true;

    /// <summary>Whether the message was listed at any request of the range.</summary>
    public bool ListedAtSomeMoment(long from, long to) =>
        Math.Max(from, added + 1) <= Math.Min(to, _removed) || earlier?.ListedAtSomeMoment(from, to) == true;
}
