namespace KapsoArchive.Core.Archive;

/// <summary>The sizes that decide memory and file sizes.</summary>
public sealed record RunLimits
{
    /// <summary>
    /// Bytes of records that make a row group: some 28,000 ordinary messages. Peak memory grows by about six times this (Parquet.Net holds a group's pages
    /// several times over), and readers want groups of 5,000 rows at least.
    /// </summary>
    public long RowGroupBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Rows that make a row group whatever their size; DuckDB's own default.</summary>
    public int RowGroupRows { get; init; } = 122_880;

    /// <summary>Bytes after which a part is closed and the next begun. Lakes like files of 128 to 512 MB.</summary>
    public long PartBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Rows after which a part is closed whatever its size: what is read of a run is safe from then on.</summary>
    public int PartRows { get; init; } = 2_000_000;

    /// <summary>Rows after which what the journal keeps of each, some 30 bytes, is written down; it waits in memory until then, and takes twice that while it is written.</summary>
    public int EntriesRows { get; init; } = 500_000;

    /// <summary>Bytes of ids that are no UUID, after which it is written down too.</summary>
    public long EntriesTexts { get; init; } = 16 * 1024 * 1024;
}
