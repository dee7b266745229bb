using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>The files that a query of DuckDB opens, by its own log.</summary>
internal static class OpenedFiles
{
    /// <summary>Bytes read of each file that the query opens, by its path below the lake with slashes.</summary>
    public static IReadOnlyDictionary<string, long> Of(DuckDb duck, string lake, string sql)
    {
        duck.Execute("SET enable_external_file_cache = false; CALL truncate_duckdb_logs(); CALL enable_logging('FileSystem');");
        duck.Rows(sql);
        duck.Execute("CALL disable_logging();");
        return duck.Rows("""
            SELECT replace(path, chr(92), '/') AS file, coalesce(sum(bytes), 0)::BIGINT
            FROM (SELECT message->>'path' AS path, (message->>'bytes')::BIGINT AS bytes FROM duckdb_logs WHERE type = 'FileSystem')
            WHERE starts_with(file, $1)
            GROUP BY file
            """, $"{lake.Replace('\\', '/')}/").ToDictionary(row => ((string)row[0]!)[(lake.Length + 1)..], row => (long)row[1]!);
    }
}
