using System.Globalization;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>
/// Reads one listing until it is shown to be complete: by one sweep that proves it, or by two sweeps in a row that find the same. What was read is kept
/// whichever way it ends.
/// </summary>
/// <param name="source">Gives the pages.</param>
/// <param name="emit">Takes each record, once in all sweeps.</param>
/// <param name="window">How many pages may be under way; see <see cref="PageAhead"/>.</param>
/// <param name="maxSweeps">Readings at most, 2 or more.</param>
internal sealed class ListingReader(PageSource source, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, Func<int> window, int maxSweeps)
{
    private readonly List<SweepResult> _sweeps = [];
    private HashSet<UInt128>? _emitted;
    private Func<(int Pages, long? Total)> _now = () => default;
    private int _pagesBefore;

    /// <summary>Sweeps begun.</summary>
    public int Sweeps { get; private set; }

    /// <summary>Pages read in all sweeps.</summary>
    public int Pages => _pagesBefore + _now().Pages;

    /// <summary>The source's count on the last page read; null where it gave none.</summary>
    public long? Total => _now().Total;

    /// <returns>Whether the listing is complete, and the reason where it is not, or what is odd where it is.</returns>
    public async Task<(bool IsComplete, string? Remark)> ReadAsync(CancellationToken cancellationToken)
    {
        while (_sweeps.Count < maxSweeps)
        {
            SweepResult sweep = await SweepAsync(cancellationToken);
            if (sweep.Problem is not null)
                return (false, sweep.Problem);
            if (sweep.IsProof)
                return (true, null);
            if (_sweeps.Count > 0 && _sweeps[^1].Agrees(sweep))
                return (true, sweep.Total is null || sweep.CountsAgree ? null : Invariant($"two sweeps found the same {sweep.Count} messages, though the source counts {sweep.Total}"));
            _sweeps.Add(sweep);
        }

        return (false, Disagreement());
    }

    private async Task<SweepResult> SweepAsync(CancellationToken cancellationToken)
    {
        Sweeps++;
        if (_sweeps.Count == 0 || !_sweeps[^1].IgnoresPageSize)
        {
            await using var sweep = new Sweep(source, EmitAsync, window);
            Follow(() => (sweep.Pages, sweep.Total));
            SweepResult result = await sweep.ReadAsync(cancellationToken);
            _emitted ??= sweep.Coverage.Ids;
            if (!result.IgnoresPageSize)
                return result;
        }

        var plain = new PlainSweep(source, EmitAsync);
        Follow(() => (plain.Pages, plain.Total));
        return await plain.ReadAsync(cancellationToken);
    }

    private void Follow(Func<(int Pages, long? Total)> sweep)
    {
        _pagesBefore = Pages;
        _now = sweep;
    }

    /// <summary>In the first sweep what is new to it is new; later ones bring again what is known.</summary>
    private ValueTask EmitAsync(IReadOnlyList<ListingItem> items, CancellationToken cancellationToken) =>
        emit(_emitted is null ? items : [.. items.Where(item => _emitted.Add(item.Id))], cancellationToken);

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
