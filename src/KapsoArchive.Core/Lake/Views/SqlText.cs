namespace KapsoArchive.Core.Lake.Views;

/// <summary>Text as a SQL literal of an engine.</summary>
internal static class SqlText
{
    /// <summary>Standard SQL, DuckDB and T-SQL: only the quote is special.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''")}'";

    /// <summary>Spark and Databricks: a backslash escapes the next character, and a doubled quote does not escape a quote.</summary>
    public static string QuoteForSpark(string text) => $"'{text.Replace(@"\", @"\\").Replace("'", @"\'")}'";

    /// <summary>The Delta table in a folder, as Spark and Databricks name it.</summary>
    public static string Delta(string folder) => $"delta.`{folder.Replace("`", "``")}`";
}
