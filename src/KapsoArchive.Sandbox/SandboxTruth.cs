using KapsoArchive.Sandbox.Moving;

namespace KapsoArchive.Sandbox;

/// <summary>The true content of a <see cref="MovingListing"/> over time. Time is counted in requests: a change before request 1 is visible
/// at request 1. Malformed records have no id that a client could see, so they count only in <see
/// cref="MalformedListedThroughout"/>.</summary>
internal sealed class SandboxTruth
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, History> _histories;

    internal SandboxTruth(int capacity) => _histories = new(capacity, StringComparer.Ordinal);

    /// <summary>The ids listed at every request of the range, including both ends. A complete sweep finds all of them.</summary>
    public IReadOnlySet<string> ListedThroughout(long fromRequest, long toRequest) =>
        Where(history => history.ListedThroughout(fromRequest, toRequest));

    /// <summary>The ids listed at any request of the range. A sweep finds no others.</summary>
    public IReadOnlySet<string> ListedAtSomeMoment(long fromRequest, long toRequest) =>
        Where(history => history.ListedAtSomeMoment(fromRequest, toRequest));

    /// <summary>The ids listed at a request.</summary>
    public IReadOnlySet<string> ListedAt(long request) => ListedThroughout(request, request);

    /// <summary>The number of malformed records listed at every request of the range.</summary>
    public int MalformedListedThroughout(long fromRequest, long toRequest)
    {
        lock (_lock) return _histories.Values.Count(history => history.IsMalformed && history.ListedThroughout(fromRequest, toRequest));
    }

    /// <summary>The records listed now, by id.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Current()
    {
        lock (_lock)
        {
            return _histories.Where(pair => pair.Value is { IsListed: true, IsMalformed: false })
                .ToDictionary(pair => pair.Key, pair => pair.Value.Record, StringComparer.Ordinal);
        }
    }

    /// <summary>Every version of a record, oldest first; empty if no message ever had the id.</summary>
    public IReadOnlyList<SandboxVersion> VersionsOf(string id)
    {
        lock (_lock) return _histories.TryGetValue(id, out var history) ? [.. history.Versions] : [];
    }

    internal void Added(SandboxMessage message, long afterRequest)
    {
        lock (_lock) _histories[message.Id] = new History(message, afterRequest, _histories.GetValueOrDefault(message.Id));
    }

    internal void Removed(string id, long afterRequest)
    {
        lock (_lock) _histories[id].Remove(afterRequest);
    }

    internal void Changed(string id, ReadOnlyMemory<byte> record, long afterRequest)
    {
        lock (_lock) _histories[id].Change(afterRequest, record);
    }

    private HashSet<string> Where(Func<History, bool> condition)
    {
        lock (_lock)
        {
            var ids = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (id, history) in _histories)
            {
                if (!history.IsMalformed && condition(history)) ids.Add(id);
            }
            return ids;
        }
    }
}
