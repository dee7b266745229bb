namespace KapsoArchive.Core.Sweeps;

/// <summary>Reads one listing until it is shown to be complete: by one sweep that proves it, by the index, or by two consecutive sweeps
/// that find the same records with different pages. The records read are kept in every case.</summary>
/// <remarks>
/// If the page source throws <see cref="OperationCanceledException"/>, the reading is paused. <see cref="Save()"/> returns its state, and a
/// reader restored from that continues, even in another process. Its state changes only after a page's records have been emitted, so a
/// cancelled <c>emit</c> must not have taken any record.
/// </remarks>
internal sealed class ListingReader
{
    private readonly SweepSetting _setting;
    private readonly Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> _emit;
    private readonly int _maxSweeps;
    private readonly List<SweepResult> _sweeps = [];
    private HashSet<UInt128>? _emitted;
    private Sweep? _sweep;
    private int _plainSize;
    private Func<(int Pages, long? Total)> _now = () => default;
    private int _pagesBefore;

    /// <param name="setting">What to read, and how.</param>
    /// <param name="emit">Receives each record, once over all sweeps.</param>
    /// <param name="maxSweeps">Maximum number of sweeps, 2 or more.</param>
    public ListingReader(SweepSetting setting, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, int maxSweeps) =>
        (_setting, _emit, _maxSweeps) = (setting, emit, maxSweeps);

    /// <summary>Sweeps begun.</summary>
    public int Sweeps { get; private set; }

    /// <summary>Pages read in all sweeps.</summary>
    public int Pages => _pagesBefore + _now().Pages;

    /// <summary>The source's count on the last page read; null if it gave none.</summary>
    public long? Total => _now().Total;

    /// <summary>Messages read, each counted once.</summary>
    public long Distinct { get; private set; }

    /// <summary>Continues a paused reading.</summary>
    /// <exception cref="InvalidDataException">The state is damaged, or belongs to another goal: the listing must be read from the
    /// start.</exception>
    public static ListingReader Restore(
        byte[] state, SweepSetting setting, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, int maxSweeps)
    {
        var reader = new ListingReader(setting, emit, maxSweeps);
        SweepState.Open(state, reader.Restore);
        return reader;
    }

    /// <summary>The state of a paused reading: about 16 bytes for each covered record. Null if nothing was read.</summary>
    public byte[]? Save() => Pages == 0 ? null : SweepState.Seal(Save);

    /// <summary>The records that the source could not return in the last sweep.</summary>
    public UnreadableRecords Unreadable { get; private set; } = UnreadableRecords.None;

    /// <summary>Whether a record was read.</summary>
    public bool Saw(UInt128 id) => _emitted?.Contains(id) == true || _sweep?.Coverage.Ids.Contains(id) == true;

    public async Task<ListingVerdict> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using Activity? span = SweepSpan.Start();
            int before = Pages;
            SweepResult result = await SweepAsync(cancellationToken);
            SweepSpan.End(span, result, Pages - before);
            if (Judge(result) is { } verdict)
                return verdict;
            _sweeps.Add(result);
            if (_sweeps.Count >= _maxSweeps)
                return Incomplete(Disagreement());
        }
    }

    /// <summary>The verdict of a sweep together with the one before it; null if another sweep is needed.</summary>
    private ListingVerdict? Judge(SweepResult result)
    {
        if (result.IsHead)
            return new ListingVerdict { IsComplete = true };
        if (result.Problem is not null || result.Gap is not null)
            return Incomplete(result.Problem ?? result.Gap!);
        bool agrees = _sweeps.Count > 0 && _sweeps[^1].Agrees(result);
        if (!result.IsProof && !agrees)
        {
            bool isSameAgain = _sweeps.Count > 0 && _sweeps[^1].HasHoles && _sweeps[^1].Count == result.Count;
            return result.HasHoles && isSameAgain ? Incomplete(Holes(result)) : null;
        }

        return new ListingVerdict { IsComplete = true, IsFull = true, Remark = CountRemark(result) };
    }

    private static ListingVerdict Incomplete(string why) => new() { IsComplete = false, Remark = why };

    /// <summary>What is odd about the count of a complete listing; null if nothing is.</summary>
    private static string? CountRemark(SweepResult result) => result switch
    {
        { Total: null } or { CountsAgree: true } => null,
        { IsProof: true } =>
            Invariant($"the source counts {result.Total} messages, and its listing, read to a proven end, has {result.Count}"),
        _ => Invariant($"two sweeps found the same {result.Count} messages, though the source counts {result.Total}"),
    };

    private async Task<SweepResult> SweepAsync(CancellationToken cancellationToken)
    {
        bool isResumed = _sweep is not null || _plainSize > 0;
        Sweeps += isResumed ? 0 : 1;
        if (_plainSize == 0 && (_sweeps.Count == 0 || !_sweeps[^1].IgnoresPageSize))
        {
            await using Sweep sweep = _sweep ?? Begin();
            SweepResult result = await sweep.ReadAsync(cancellationToken);
            sweep.Coverage.Ids.UnionWith(sweep.Aside);
            _emitted ??= sweep.Coverage.Ids;
            _sweep = null;
            Unreadable = new UnreadableRecords(sweep.Gaps, sweep.Total);
            if (!result.IgnoresPageSize)
                return result;
        }

        if (_plainSize == 0)
            _plainSize = _setting.Shape.MostPerPage;
        var plain = new PlainSweep(_setting, _plainSize, EmitAsync);
        Follow(() => (plain.Pages, plain.Total));
        SweepResult found = await plain.ReadAsync(cancellationToken);
        _plainSize = 0;
        return found;
    }

    /// <summary>Begins a sweep. The first may end early; a later one reads everything.</summary>
    private Sweep Begin()
    {
        Sweep sweep = new(_setting, Sweeps, EmitAsync, Sweeps == 1 ? HeadRule.For(_setting.Goal) : null);
        Follow(() => (sweep.Pages, sweep.Total));
        return _sweep = sweep;
    }

    private void Follow(Func<(int Pages, long? Total)> sweep)
    {
        _pagesBefore = Pages;
        _now = sweep;
    }

    /// <summary>Emits records that were not emitted yet. In the first sweep all records are new; later sweeps return known records
    /// again.</summary>
    private async ValueTask EmitAsync(IReadOnlyList<ListingItem> items, CancellationToken cancellationToken)
    {
        if (_emitted is null)
        {
            await _emit(items, cancellationToken);
            Distinct += items.LongCount(item => item.IsMessage);
            return;
        }

        List<ListingItem> added = [.. items.Where(item => !_emitted.Contains(item.Id)).DistinctBy(item => item.Id)];
        await _emit(added, cancellationToken);
        Distinct += added.LongCount(item => item.IsMessage);
        _emitted.UnionWith(added.Select(item => item.Id));
    }

    private void Save(BinaryWriter state)
    {
        state.Write(SweepState.StampOf(_setting.Goal));
        state.Write(Sweeps);
        state.Write(Distinct);
        state.Write(_sweep is null ? Pages : _pagesBefore);
        state.Write(_sweeps.Count);
        foreach (SweepResult sweep in _sweeps)
            sweep.Save(state);
        state.Write(_plainSize);
        state.Write(_emitted);
        state.Write(_sweep is not null);
        _sweep?.Save(state);
    }

    private void Restore(BinaryReader state)
    {
        if (state.ReadUInt64() != SweepState.StampOf(_setting.Goal))
            throw new InvalidDataException("The saved state of a reading belongs to another goal: what is known has changed since.");
        Sweeps = state.ReadInt32();
        Distinct = state.ReadInt64();
        _pagesBefore = state.ReadInt32();
        for (int sweeps = state.ReadInt32(); sweeps > 0; sweeps--)
            _sweeps.Add(SweepResult.Restore(state));
        _plainSize = state.ReadInt32();
        _emitted = state.ReadIds();
        if (state.ReadBoolean())
            Begin().Restore(state);
    }

    private string Disagreement()
    {
        SweepResult last = _sweeps[^1];
        if (last.HasHoles)
            return Holes(last);
        if (!last.IsSound)
        {
            return Invariant($"the source's pages contradict each other: {last.Count} messages read of {TotalOf(last)}, ")
                + "with records that came again in place of others";
        }

        if (!last.IsEndProven)
            return Invariant($"the end of the listing could not be proven: {last.Count} messages read of {TotalOf(last)}");
        if (last.IsPlain)
        {
            return "the source gives pages of its own size, so only its count can prove them complete: "
                + Invariant($"{last.Count} messages read of {TotalOf(last)}");
        }

        string counts = string.Join(", ", _sweeps.Select(s => Invariant($"{s.Count} of {TotalOf(s)}")));
        string order = _sweeps.All(s => s.Order is ListingOrder.NewestFirst or ListingOrder.OldestFirst)
            ? "the listing kept moving"
            : "no order found";
        return Invariant($"{order} and {_sweeps.Count} sweeps disagreed: {counts}");
    }

    private static string Holes(SweepResult sweep) =>
        Invariant($"pages of the source lack records that it counts: {sweep.Count} messages read of {TotalOf(sweep)}");

    private static string TotalOf(SweepResult sweep) => sweep.Total?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
