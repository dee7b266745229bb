namespace KapsoArchive.Core.Lake.Views;

/// <summary>The JSON columns of parts that predate the repair of records: an unpaired surrogate in one row would make every query over the
/// column fail. Each engine checks itself whether a text is JSON.</summary>
internal static class OlderJson
{
    /// <summary>Removes the escape of an unpaired surrogate and skips all other escapes that look similar.</summary>
    private const string HalfPair =
        @"((?:\\[^u]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})+)|\\u[dD][89a-fA-F][0-9a-fA-F]{2}";

    private static readonly HashSet<string> Columns = ["metadata", "message_type_data", "extra"];

    /// <summary>All columns and the partition's, with JSON columns in a form that an engine accepts.</summary>
    /// <param name="json">The expression that replaces a JSON column.</param>
    /// <param name="partition">The expression for the partition's column.</param>
    public static string Select<TRow>(Dataset<TRow> dataset, Func<string, string> json, string partition = SqlColumns.Partition) =>
        string.Join(", ", dataset.Columns.Select(c => Columns.Contains(c.Name) ? $"{json(c.Name)} AS {c.Name}" : c.Name).Append(partition));

    public static string ForDuckDb(string column) =>
        $"CASE WHEN json_valid({column}) THEN {column} ELSE regexp_replace({column}, {SqlText.Quote(HalfPair)}, '\\1', 'g') END";

    public static string ForSpark(string column) => $"CASE WHEN get_json_object({column}, '$') IS NOT NULL THEN {column} END";

    /// <summary>ISJSON accepts only objects and arrays.</summary>
    public static string ForSynapse(string column) =>
        $"CASE WHEN ISJSON({column}) = 1 OR LEFT({column}, 1) NOT IN ('{{', '[') THEN {column} END";
}
