namespace KapsoArchive.Core.Inspection.Reports;

/// <summary>Puts counts by day on a continuous axis: by day, or by month or year if days would need too many columns.</summary>
internal static class DayColumns
{
    private const int MostDays = 120;
    private const int MostMonths = 120;

    /// <param name="days">The days with a count, in order; at least one.</param>
    /// <returns>The unit of a column, and the columns.</returns>
    public static (string Step, IReadOnlyList<(string Name, long Count)> Columns) Of(IReadOnlyList<(DateOnly Day, long Count)> days)
    {
        DateOnly first = days[0].Day;
        DateOnly last = days[^1].Day;
        if (last.DayNumber - first.DayNumber < MostDays)
            return ("Day", Fill(days, first, last, static d => d.DayNumber,
                static n => DateOnly.FromDayNumber(n).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        return (last.Year - first.Year) * 12 < MostMonths
            ? ("Month", Fill(days, first, last, static d => d.Year * 12 + d.Month - 1,
                static n => string.Create(CultureInfo.InvariantCulture, $"{n / 12:0000}-{n % 12 + 1:00}")))
            : ("Year", Fill(days, first, last, static d => d.Year, static n => n.ToString("0000", CultureInfo.InvariantCulture)));
    }

    private static IReadOnlyList<(string Name, long Count)> Fill(
        IReadOnlyList<(DateOnly Day, long Count)> days, DateOnly first, DateOnly last, Func<DateOnly, int> step, Func<int, string> name)
    {
        Dictionary<int, long> counts = days.GroupBy(d => step(d.Day)).ToDictionary(g => g.Key, g => g.Sum(d => d.Count));
        return [.. Enumerable.Range(step(first), step(last) - step(first) + 1).Select(n => (name(n), counts.GetValueOrDefault(n)))];
    }
}
