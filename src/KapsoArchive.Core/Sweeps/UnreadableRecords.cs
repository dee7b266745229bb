namespace KapsoArchive.Core.Sweeps;

/// <summary>Positions of the records in a listing that the source cannot return.</summary>
/// <param name="Positions">From 0, ascending.</param>
/// <param name="Total">The source's count when they were found; null if it gave none.</param>
internal sealed record UnreadableRecords(IReadOnlyList<long> Positions, long? Total)
{
    public static UnreadableRecords None { get; } = new([], null);

    /// <summary>Their positions now, if the new records precede them.</summary>
    public UnreadableRecords MovedTo(long? total) =>
        total is { } now && Total is { } then
            ? new UnreadableRecords([.. Positions.Select(p => p + now - then).Where(p => p >= 0)], now)
            : this;

    /// <summary>The positions in words: <c>430, 512–514</c>.</summary>
    public override string ToString()
    {
        List<string> spans = [];
        for (int i = 0, first = 0; i < Positions.Count; i++)
        {
            if (i + 1 < Positions.Count && Positions[i + 1] == Positions[i] + 1)
                continue;
            string last = Positions[i].ToString(CultureInfo.InvariantCulture);
            spans.Add(first == i ? last : Positions[first].ToString(CultureInfo.InvariantCulture) + "–" + last);
            first = i + 1;
        }

        return string.Join(", ", spans);
    }
}
