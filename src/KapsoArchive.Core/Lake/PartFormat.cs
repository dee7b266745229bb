namespace KapsoArchive.Core.Lake;

/// <summary>The form in which messages are written.</summary>
public enum PartFormat
{
    /// <summary>One column per field, for query engines.</summary>
    Parquet,

    /// <summary>One line per message: the record as the source sent it, gzip.</summary>
    Jsonl,

    /// <summary>One line per message for spreadsheets. Of exports only.</summary>
    Csv,

    /// <summary>Pages to read, one folder per conversation. Of exports only, and made from their Parquet parts.</summary>
    Html,
}
