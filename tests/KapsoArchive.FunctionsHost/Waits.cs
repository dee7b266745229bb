using System.Collections.Concurrent;

namespace KapsoArchive.FunctionsHost;

/// <summary>The pauses that the published app asked of the host, in order. Each is cut, so that no test waits for minutes.</summary>
public sealed class Waits
{
    private readonly ConcurrentQueue<(WaitKind Kind, TimeSpan Length)> _asked = new();
    private readonly TimeSpan _longest;

    internal Waits(TimeSpan longest)
    {
        _longest = longest == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : longest;
    }

    /// <summary>The lengths of all pauses of a kind, as they were asked for.</summary>
    public IReadOnlyList<TimeSpan> Of(WaitKind kind) => [.. _asked.Where(w => w.Kind == kind).Select(w => w.Length)];

    /// <summary>Records a pause.</summary>
    /// <returns>How long it really is.</returns>
    internal TimeSpan Cut(WaitKind kind, TimeSpan length)
    {
        _asked.Enqueue((kind, length));
        return length < _longest ? length : _longest;
    }
}
