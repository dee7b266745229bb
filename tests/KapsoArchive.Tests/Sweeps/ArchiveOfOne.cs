using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal.Notes;
using KapsoArchive.Core.Sweeps;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>Knows one conversation night after night as the index does: the fold of what complete readings brought and found removed. A
/// night is a day long.</summary>
internal sealed class ArchiveOfOne(MovingListing listing, TimeSpan lookback, TimeSpan grace = default)
{
    private const long Day = 24L * 3600 * 1_000_000;

    private readonly SourceShape _shape = new();
    private ListingNote _note = ListingNote.None;
    private bool _countAgreed;
    private long _now;
    private readonly Dictionary<string, (UInt128 Key, ulong Fingerprint)> _known = new(StringComparer.Ordinal);
    private long? _newest;
    private int _rejected;

    public IReadOnlyCollection<string> Ids => _known.Keys;

    /// <summary>The messages that are known and were not found.</summary>
    public IReadOnlyList<WaitingMessage> Waiting => _note.Waiting;

    /// <summary>What the last reading meant for the messages that it did not find.</summary>
    public RemovalDecision Decision { get; private set; } = new([], []);

    public async Task<ListingReading> ReadAsync(
        bool full = false, int window = 1, int maxSweeps = 4, Func<int, bool>? pausesAt = null, bool accepts = false, SourceShape? shape = null)
    {
        _now += Day;
        KnownMessages known = Unsorted.Known(_known.Values.Select(k => KeyValuePair.Create(k.Key, k.Fingerprint)), _newest, _rejected);
        bool isRipe = _note.RipeAt(grace) <= _now;
        var goal = new ReadingGoal(known, full || isRipe, lookback)
        {
            CountAgreed = _countAgreed,
            Waiting = new HashSet<UInt128>(_note.Waiting.Select(w => w.Key)),
            Unreadable = _note.Unreadable,
        };
        ListingReading reading = await new ListingReading(listing, window, maxSweeps, goal, shape ?? _shape) { PausesAt = pausesAt ?? (_ => false) }.ReadAsync();
        Decision = new RemovalRule(grace, _now, accepts).Decide("c", known, _note.Waiting, reading.Saw, reading.Verdict.IsWitness);
        _note = new ListingNote(Decision.Waiting, reading.Unreadable);
        if (reading.Verdict.IsWitness)
            _countAgreed = reading.Total == reading.Ids.Count + reading.Rejected;
        long? cutoff = _newest - (long)lookback.TotalMicroseconds;
        if (reading.IsComplete)
            Take(reading);
        if ((reading.Fault() ?? FaultOf(reading, cutoff)) is { } fault)
            throw new ShouldAssertException(fault);
        return reading;
    }

    private void Take(ListingReading reading)
    {
        foreach (ListingItem item in reading.Items.Where(i => i.Row is not null))
        {
            _known[item.Row!.Id.ToString()!] = (item.Id, item.Fingerprint);
            _newest = item.CreatedAt is { } time && !(time <= _newest) ? time : _newest;
        }

        _rejected = reading.Verdict.IsFull ? reading.Rejected : _rejected + reading.Rejected;
        HashSet<UInt128> removed = [.. Decision.Removed];
        IReadOnlySet<string> lasting = listing.Truth.ListedThroughout(reading.From, reading.To);
        foreach ((string id, _) in _known.Where(k => removed.Contains(k.Value.Key)).ToList())
        {
            if (lasting.Contains(id))
                throw new ShouldAssertException($"{id} was removed, though the reading could see it");
            _known.Remove(id);
        }
    }

    /// <summary>
    /// What a complete reading promises of what was listed throughout it: a full one has all of it; a head one has what is not older than
    /// the cutoff, in its present version. The hole that the count rule
    /// leaves is in what is older: a message deleted there and another that came there, where no page was read, cancel out in the count;
    /// both wait for the next full sweep.
    /// </summary>
    private string? FaultOf(ListingReading reading, long? cutoff)
    {
        if (!reading.IsComplete)
            return null;
        foreach (string id in listing.Truth.ListedThroughout(reading.From, reading.To))
        {
            IReadOnlyList<SandboxVersion> versions = listing.Truth.VersionsOf(id);
            if (!reading.Verdict.IsFull && ListingReading.CreatedAt(versions[0].Record) < cutoff)
                continue;
            if (!_known.TryGetValue(id, out var known))
                return $"complete, but {id} is not known";
            IEnumerable<SandboxVersion> shown = versions.Where((v, i) => v.AfterRequest < reading.To && (i + 1 == versions.Count || versions[i + 1].AfterRequest >= reading.From));
            if (shown.All(v => ListingReading.FingerprintOf(v.Record) != known.Fingerprint))
                return $"complete, but the change of {id} was not noticed";
        }

        return null;
    }
}
