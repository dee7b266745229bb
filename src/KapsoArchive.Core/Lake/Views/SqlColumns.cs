namespace KapsoArchive.Core.Lake.Views;

/// <summary>The names and types of the datasets' columns in an engine's SQL.</summary>
internal static class SqlColumns
{
    /// <summary>The column derived from the parts' folders.</summary>
    public const string Partition = "snapshot_date";

    // A text of unlimited length, and one for comparisons: 8000 bytes are T-SQL's maximum without MAX.
    private const string Utf8 = "COLLATE Latin1_General_100_BIN2_UTF8";

    /// <summary>All columns, with the partition's last.</summary>
    public static string Names<TRow>(Dataset<TRow> dataset) =>
        string.Join(", ", dataset.Columns.Select(column => column.Name).Append(Partition));

    public static string ForSpark<TRow>(Dataset<TRow> dataset, string separator) => Declare(dataset, separator, column => column switch
    {
        TimestampColumn<TRow> => "TIMESTAMP",
        CountColumn<TRow> => "BIGINT",
        _ => "STRING",
    });

    public static string ForSynapse<TRow>(Dataset<TRow> dataset, string separator) => Declare(dataset, separator, column => column switch
    {
        TimestampColumn<TRow> => "DATETIME2(6)",
        CountColumn<TRow> => "BIGINT",
        TextColumn<TRow> { Required: true } or TextColumn<TRow> { Dictionary: true } => $"VARCHAR(8000) {Utf8}",
        _ => $"VARCHAR(MAX) {Utf8}",
    });

    private static string Declare<TRow>(Dataset<TRow> dataset, string separator, Func<Column<TRow>, string> type) =>
        string.Join(separator, dataset.Columns.Select(column => $"{column.Name} {type(column)}"));
}
