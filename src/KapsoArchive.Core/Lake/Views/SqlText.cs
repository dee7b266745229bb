namespace KapsoArchive.Core.Lake.Views;

/// <summary>Text as a literal of an engine's SQL.</summary>
internal static class SqlText
{
    /// <summary>Standard SQL, DuckDB and T-SQL: only the quote is special.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''")}'";

    /// <summary>Spark and Databricks, where a backslash takes the next character as it is and two quotes are none.</summary>
    public static string QuoteForSpark(string text) => $"'{text.Replace(@"\", @"\\").Replace("'", @"\'")}'";
}
