namespace KapsoArchive.Core.Lake.Views;

/// <summary>
/// The JSON columns of parts that were written before records were repaired: half a surrogate pair in one row would make every query over
/// the column fail. Each engine finds out by itself whether a text is
/// JSON.
/// </summary>
internal static class OlderJson
{
    /// <summary>Drops the escape of half a surrogate pair, and steps over all other escapes that could be mistaken for one.</summary>
    private const string HalfPair = @"((?:\\[^u]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})+)|\\u[dD][89a-fA-F][0-9a-fA-F]{2}";

    private static readonly HashSet<string> Columns = ["metadata", "message_type_data", "extra"];

    /// <summary>All columns and the partition's, those that hold JSON as an engine accepts it.</summary>
    /// <param name="json">What takes the place of a column that holds JSON.</param>
    /// <param name="partition">What gives the partition's column.</param>
    public static string Select<TRow>(Dataset<TRow> dataset, Func<string, string> json, string partition = SqlColumns.Partition) =>
        string.Join(", ", dataset.Columns.Select(c => Columns.Contains(c.Name) ? $"{json(c.Name)} AS {c.Name}" : c.Name).Append(partition));

    public static string ForDuckDb(string column) =>
        $"CASE WHEN json_valid({column}) THEN {column} ELSE regexp_replace({column}, {SqlText.Quote(HalfPair)}, '\\1', 'g') END";

    public static string ForSpark(string column) => $"CASE WHEN get_json_object({column}, '$') IS NOT NULL THEN {column} END";

    /// <summary>ISJSON takes only objects and arrays for JSON.</summary>
    public static string ForSynapse(string column) => $"CASE WHEN ISJSON({column}) = 1 OR LEFT({column}, 1) NOT IN ('{{', '[') THEN {column} END";
}
