namespace KapsoArchive.Tests.Readers;

/// <summary>An engine that reads the lake, with its own functions and as its users call it.</summary>
/// <param name="name">As the documentation calls it.</param>
internal abstract class MatrixReader(string name)
{
    public string Name => name;

    /// <summary>What it shows of a row; in each row it has to.</summary>
    public abstract IReadOnlyList<string> Shown { get; }

    /// <summary>Reads every row that it can read.</summary>
    public abstract Task<IReadOnlyList<Sighting>> ReadAsync(MatrixLake lake, CancellationToken cancellationToken);

    /// <summary>Where a row is not as it should be, as <c>column: what is shown</c>; null if it is right.</summary>
    public string? Difference(Sighting row, Sighting truth)
    {
        string[] wrong = [.. Shown.Where(what => !IsSame(what, row[what], truth[what])).Select(what => $"{what}: {Short(row[what])}")];
        return wrong.Length == 0 ? null : string.Join("; ", wrong);
    }

    public override string ToString() => Name;

    protected virtual bool IsSame(string what, string? shown, string? truth) =>
        shown == truth || (what == Sighting.Number && shown is not null && truth is not null && Sighting.IsSameNumber(shown, truth));

    private static string Short(string? value) => value switch
    {
        null => "null",
        "" => "empty",
        { Length: > 60 } => $"{value[..60]}…",
        _ => value,
    };
}
