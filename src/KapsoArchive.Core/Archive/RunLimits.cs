namespace KapsoArchive.Core.Archive;

/// <summary>The limits that determine memory and file sizes.</summary>
public sealed record RunLimits
{
    /// <summary>About 5,000 ordinary messages; smaller row groups slow readers down.</summary>
    private const long LeastRowGroupBytes = 3 * 1024 * 1024;

    /// <summary>Bytes of records that fill a row group: about 28,000 ordinary messages. Peak memory grows by about six times this
    /// (Parquet.Net holds a group's pages several times over), and readers want groups of at least 5,000 rows.</summary>
    public long RowGroupBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Rows that fill a row group whatever their size; DuckDB's own default.</summary>
    public int RowGroupRows { get; init; } = 122_880;

    /// <summary>Bytes after which a part is closed and the next begun. Lakes work best with files of 128 to 512 MB.</summary>
    public long PartBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Rows after which a part is closed whatever its size: what the run has read is durable from then on.</summary>
    public int PartRows { get; init; } = 2_000_000;

    /// <summary>Rows after which their journal entries, about 30 bytes each, are written. They wait in memory until then, and take twice
    /// that while they are written.</summary>
    public int EntriesRows { get; init; } = 500_000;

    /// <summary>Bytes of ids that are not UUIDs after which the entries are written too.</summary>
    public long EntriesTexts { get; init; } = 16 * 1024 * 1024;

    /// <summary>Files that one run fetches; the next one fetches more. A manifest names each of them, in about 250 bytes.</summary>
    public int Files { get; init; } = 20_000;

    /// <summary>The limits of each of several runs that one process executes at once. They share the memory that a single run uses for row
    /// groups, so each writes smaller ones.</summary>
    /// <param name="runs">How many; 1 or more.</param>
    public static RunLimits Shared(int runs)
    {
        var alone = new RunLimits();
        return alone with { RowGroupBytes = Math.Max(LeastRowGroupBytes, alone.RowGroupBytes / runs) };
    }
}
