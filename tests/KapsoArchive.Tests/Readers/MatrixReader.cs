namespace KapsoArchive.Tests.Readers;

/// <summary>An engine that reads the lake, with its own functions and as its users call it.</summary>
/// <param name="name">As the documentation calls it.</param>
/// <param name="readsLines">Whether it reads the JSON lines, and not the Parquet. The text of JSON may then differ in its spaces and in how
/// it writes a number or a character.</param>
internal abstract class MatrixReader(string name, bool readsLines = false)
{
    /// <summary>What readers of JSON lines show: the line has the members of <c>extra</c> themselves.</summary>
    protected static readonly IReadOnlyList<string> ShownOfLines =
    [
        .. Sighting.Columns.Where(column => column != "extra"), Sighting.FoundById,
        .. Sighting.JsonColumns.Where(column => column != "extra").Select(Sighting.MembersOf), Sighting.Number, Sighting.After,
    ];

    /// <summary>The columns that a line has in its member <c>_archive</c>.</summary>
    protected static readonly IReadOnlyList<string> ArchiveColumns = ["conversation_id", "run_id", "archived_at", "change", "position"];

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

    private bool IsSame(string what, string? shown, string? truth)
    {
        if (shown == truth || shown is null || truth is null)
            return shown == truth;
        return what == Sighting.Number
            ? Sighting.IsSameNumber(shown, truth)
            : readsLines && Sighting.JsonColumns.Contains(what) && Sighting.IsSameJson(shown, truth);
    }

    private static string Short(string? value) => value switch
    {
        null => "null",
        "" => "empty",
        { Length: > 60 } => $"{value[..60]}…",
        _ => value,
    };
}
