using System.Diagnostics;
using System.Globalization;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>
/// Reads one listing until it is shown to be complete: by one sweep that proves it, by what is known of it already, or by two sweeps in a row that find the same. What was read
/// is kept whichever way it ends.
/// </summary>
/// <remarks>
/// A reading whose page source throws <see cref="OperationCanceledException"/> is paused: <see cref="Save()"/> keeps what it knows, and a reader made from that goes on, in another process if need be. Nothing it knows changes
/// before a page's records have been emitted, so an <c>emit</c> that is cancelled must have taken nothing.
/// </remarks>
internal sealed class ListingReader
{
    private readonly PageSource _source;
    private readonly Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> _emit;
    private readonly Func<int> _window;
    private readonly int _maxSweeps;
    private readonly ReadingGoal _goal;
    private readonly Removals _removals;
    private readonly List<SweepResult> _sweeps = [];
    private IdSet? _emitted;
    private Sweep? _sweep;
    private bool _isPlain;
    private bool _isProven;
    private Func<(int Pages, long? Total)> _now = () => default;
    private int _pagesBefore;

    /// <param name="source">Gives the pages.</param>
    /// <param name="emit">Takes each record, once in all sweeps.</param>
    /// <param name="window">How many pages may be under way; see <see cref="PageAhead"/>.</param>
    /// <param name="maxSweeps">Readings at most, 2 or more.</param>
    /// <param name="goal">What is known, and how much is to be read.</param>
    public ListingReader(PageSource source, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, Func<int> window, int maxSweeps, ReadingGoal goal)
    {
        (_source, _emit, _window, _maxSweeps, _goal) = (source, emit, window, maxSweeps, goal);
        _removals = new Removals(goal.Known);
    }

    /// <summary>Sweeps begun.</summary>
    public int Sweeps { get; private set; }

    /// <summary>Pages read in all sweeps.</summary>
    public int Pages => _pagesBefore + _now().Pages;

    /// <summary>The source's count on the last page read; null where it gave none.</summary>
    public long? Total => _now().Total;

    /// <summary>Messages read, each counted once.</summary>
    public long Distinct { get; private set; }

    /// <summary>Goes on with a reading that was paused.</summary>
    /// <exception cref="InvalidDataException">The state is damaged, or belongs to another goal: the listing must be read anew.</exception>
    public static ListingReader Restore(
        byte[] state, PageSource source, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, Func<int> window, int maxSweeps, ReadingGoal goal)
    {
        var reader = new ListingReader(source, emit, window, maxSweeps, goal);
        SweepState.Open(state, reader.Restore);
        return reader;
    }

    /// <summary>What a paused reading needs to go on: 16 bytes for each record covered, and little more. Null where nothing was read.</summary>
    public byte[]? Save() => Pages == 0 ? null : SweepState.Seal(Save);

    public async Task<ListingVerdict> ReadAsync(CancellationToken cancellationToken)
    {
        while (_sweeps.Count < _maxSweeps)
        {
            using Activity? span = SweepSpan.Start();
            int before = Pages;
            SweepResult result = await SweepAsync(cancellationToken);
            SweepSpan.End(span, result, Pages - before);
            if (result.IsHead)
                return new ListingVerdict { IsComplete = true };
            if (result.Problem is not null)
                return _isProven ? Unconfirmed() : new ListingVerdict { IsComplete = false, Remark = result.Problem };
            if (Judge(result) is { } verdict)
                return verdict;
            _sweeps.Add(result);
        }

        return _isProven ? Unconfirmed() : new ListingVerdict { IsComplete = false, Remark = Disagreement() };
    }

    /// <summary>What a full sweep shows together with those before it; null where another one is needed.</summary>
    private ListingVerdict? Judge(SweepResult result)
    {
        bool agrees = AgreesWithLast(result);
        bool isSecond = agrees || _isProven; // The second that lacks what is missing, if it is itself complete.
        bool isComplete = agrees || result.IsProof;
        if (isComplete && (isSecond || _removals.Missing.Count == 0))
        {
            bool isOdd = !result.IsProof && !_isProven && result.Total is not null && !result.CountsAgree;
            return new ListingVerdict
            {
                IsComplete = true,
                Remark = isOdd ? Invariant($"two sweeps found the same {result.Count} messages, though the source counts {result.Total}") : null,
                IsFull = true,
                Removed = _removals.Missing,
            };
        }

        _isProven |= isComplete;
        return _isProven && _removals.Missing.Count == 0 ? new ListingVerdict { IsComplete = true, IsFull = true } : null;
    }

    private async Task<SweepResult> SweepAsync(CancellationToken cancellationToken)
    {
        bool isResumed = _sweep is not null || _isPlain;
        Sweeps += isResumed ? 0 : 1;
        if (!_isPlain && (_sweeps.Count == 0 || !_sweeps[^1].IgnoresPageSize))
        {
            await using Sweep sweep = _sweep ?? Begin();
            SweepResult result = await sweep.ReadAsync(cancellationToken);
            sweep.Coverage.Ids.UnionWith(sweep.Aside);
            _emitted ??= sweep.Coverage.Ids;
            _sweep = null;
            if (!result.IgnoresPageSize)
            {
                NoteMissing(result, sweep.Coverage);
                return result;
            }
        }

        _isPlain = true;
        var plain = new PlainSweep(_source, EmitAsync);
        Follow(() => (plain.Pages, plain.Total));
        SweepResult found = await plain.ReadAsync(cancellationToken);
        _isPlain = false;
        NoteMissing(found, plain.Coverage);
        return found;
    }

    /// <summary>The first sweep may end early; one that follows another is there to read everything.</summary>
    private Sweep NewSweep() => new(_source, EmitAsync, _window, Sweeps == 1 ? HeadRule.For(_goal) : null, RangeRule.For(_goal));

    private void NoteMissing(SweepResult result, Coverage coverage)
    {
        if (!result.IsHead && result.Problem is null)
            _removals.Note(coverage.Ids, again: _isProven || AgreesWithLast(result));
    }

    private bool AgreesWithLast(SweepResult result) => _sweeps.Count > 0 && _sweeps[^1].Agrees(result);

    private Sweep Begin()
    {
        Sweep sweep = NewSweep();
        Follow(() => (sweep.Pages, sweep.Total));
        return _sweep = sweep;
    }

    private void Follow(Func<(int Pages, long? Total)> sweep)
    {
        _pagesBefore = Pages;
        _now = sweep;
    }

    /// <summary>In the first sweep what is new to it is new; later ones bring again what is known.</summary>
    private async ValueTask EmitAsync(IReadOnlyList<ListingItem> items, CancellationToken cancellationToken)
    {
        if (_emitted is null)
        {
            await _emit(items, cancellationToken);
            Distinct += items.LongCount(item => item.Row is not null);
            return;
        }

        List<ListingItem> added = [.. items.Where(item => !_emitted.Contains(item.Id)).DistinctBy(item => item.Id)];
        await _emit(added, cancellationToken);
        Distinct += added.LongCount(item => item.Row is not null);
        _emitted.UnionWith(added.Select(item => item.Id));
    }

    private void Save(BinaryWriter state)
    {
        state.Write(SweepState.StampOf(_goal));
        state.Write(Sweeps);
        state.Write(Distinct);
        state.Write(_sweep is null ? Pages : _pagesBefore);
        state.Write(_sweeps.Count);
        foreach (SweepResult sweep in _sweeps)
            sweep.Save(state);
        state.Write(_isPlain);
        state.Write(_isProven);
        _removals.Save(state);
        state.Write(_emitted);
        state.Write(_sweep is not null);
        _sweep?.Save(state);
    }

    private void Restore(BinaryReader state)
    {
        if (state.ReadUInt64() != SweepState.StampOf(_goal))
            throw new InvalidDataException("The saved state of a reading belongs to another goal: what is known has changed since.");
        Sweeps = state.ReadInt32();
        Distinct = state.ReadInt64();
        _pagesBefore = state.ReadInt32();
        for (int sweeps = state.ReadInt32(); sweeps > 0; sweeps--)
            _sweeps.Add(SweepResult.Restore(state));
        _isPlain = state.ReadBoolean();
        _isProven = state.ReadBoolean();
        _removals.Restore(state);
        _emitted = state.ReadIds();
        if (!state.ReadBoolean())
            return;
        Begin().Restore(state);
    }

    private ListingVerdict Unconfirmed() => new()
    {
        IsComplete = true,
        IsFull = true,
        Remark = Invariant($"{_removals.Missing.Count} known {(_removals.Missing.Count == 1 ? "message was" : "messages were")} not listed; that this is a removal awaits confirmation by another complete sweep"),
    };

    private string Disagreement()
    {
        if (!_sweeps[^1].IsSound)
            return Invariant($"the source's pages contradict each other: {_sweeps[^1].Count} messages read of {TotalOf(_sweeps[^1])}, with records that came again in place of others");
        string counts = string.Join(", ", _sweeps.Select(s => Invariant($"{s.Count} of {TotalOf(s)}")));
        string order = _sweeps.All(s => s.Order is ListingOrder.NewestFirst or ListingOrder.OldestFirst) ? "the listing kept moving" : "no order found";
        return Invariant($"{order} and {_sweeps.Count} sweeps disagreed: {counts}");
    }

    private static string TotalOf(SweepResult sweep) => sweep.Total?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
