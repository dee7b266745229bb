namespace KapsoArchive.Core.Lake;

/// <summary>The format of a message file.</summary>
public enum PartFormat
{
    /// <summary>One column per field, for query engines.</summary>
    Parquet,

    /// <summary>One line per message: the record as the source sent it, gzip.</summary>
    Jsonl,

    /// <summary>One line per message for spreadsheets. Only in exports.</summary>
    Csv,

    /// <summary>HTML documents, one folder per conversation. Only in exports; made from their Parquet parts.</summary>
    Html,

    /// <summary>One workbook. Only in exports; made from their Parquet parts.</summary>
    Xlsx,
}
