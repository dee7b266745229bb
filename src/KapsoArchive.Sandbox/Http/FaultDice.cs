namespace KapsoArchive.Sandbox.Http;

/// <summary>Decides which requests fail and how, and counts the faults.</summary>
internal sealed class FaultDice(SandboxFaults faults)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _inARow = new(StringComparer.Ordinal);
    private readonly Dictionary<SandboxFaultKind, long> _counts = [];
    private SandboxFaults _faults = faults;

    public SandboxFaults Faults
    {
        get { lock (_lock) return _faults; }
        set { lock (_lock) _faults = value; }
    }

    /// <summary>The number of faults so far, by kind.</summary>
    public IReadOnlyDictionary<SandboxFaultKind, long> Counts
    {
        get { lock (_lock) return new Dictionary<SandboxFaultKind, long>(_counts); }
    }

    /// <summary>The fault of a request; null for none.</summary>
    public SandboxFaultKind? Roll(long request, string url)
    {
        lock (_lock)
        {
            var kind = OutageFault() ?? WithMercy(_faults.Of(request), url);
            if (kind is { } fault) _counts[fault] = _counts.GetValueOrDefault(fault) + 1;
            return kind;
        }
    }

    private SandboxFaultKind? OutageFault() => _faults.Outage switch
    {
        SandboxOutage.Error => SandboxFaultKind.InternalError,
        SandboxOutage.Unavailable => SandboxFaultKind.Unavailable,
        SandboxOutage.Reset => SandboxFaultKind.Reset,
        _ => null,
    };

    private SandboxFaultKind? WithMercy(SandboxFaultKind? kind, string url)
    {
        int before = _inARow.GetValueOrDefault(url);
        bool answered = kind is null or SandboxFaultKind.Slow;
        if (answered || before >= _faults.MaxConsecutive)
        {
            _inARow.Remove(url);
            return answered ? kind : null;
        }
        _inARow[url] = before + 1;
        return kind;
    }
}
