using DuckDB.NET.Data;
using KapsoArchive.Core.Lake.Views;

namespace KapsoArchive.Query;

/// <summary>A DuckDB in memory that sees the lake's views and can open nothing but the lake's files. Its configuration is locked. It
/// executes one statement, which the engine's own parser must read as a SELECT: nothing can be written.</summary>
internal sealed class SealedEngine : IDisposable
{
    private readonly DuckDBConnection _connection = new(DuckDBConnectionStringBuilder.InMemoryConnectionString);
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("kapso-archive-query-"); // For this user only.

    /// <param name="files">The files that it may open.</param>
    public SealedEngine(LakeFiles files, QueryLimits limits)
    {
        // A path with a star or bracket is opened by its pattern, which must be allowed too.
        IEnumerable<string> paths = files.Files.SelectMany(f => new[] { f.LocalPath, LakeLocation.Pattern(f.LocalPath) }).Distinct().Select(Quote);
        _connection.Open();
        Execute(string.Create(CultureInfo.InvariantCulture, $"""
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            SET allow_community_extensions = false;
            SET allow_persistent_secrets = false;
            SET enable_progress_bar = false;
            SET threads = {Environment.ProcessorCount};
            SET memory_limit = '{limits.Memory}B';
            SET temp_directory = {Quote(_temporary.FullName)};
            SET max_temp_directory_size = '{limits.TemporaryBytes}B';
            SET TimeZone = 'UTC';
            SET allowed_paths = [{string.Join(", ", paths)}];
            SET enable_external_access = false;
            """));
        Execute(ViewScript.Over(files.Files));
        Execute("SET lock_configuration = true;");
    }

    /// <summary>Ends the statement under way, soon.</summary>
    public void Interrupt() => _connection.NativeConnection.Interrupt();

    /// <summary>Reads the answer of a query.</summary>
    /// <exception cref="DuckDBException">It is not one SELECT, is wrong, or fails.</exception>
    public (IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows, bool IsCut) Read(string sql, QueryLimits limits)
    {
        string query = $"query({Quote(sql)})"; // The table function takes one SELECT and nothing else.
        List<QueryColumn> columns = [];
        using (DuckDBCommand describe = Command($"DESCRIBE FROM {query}"))
        using (DuckDBDataReader reader = describe.ExecuteReader())
        {
            while (reader.Read())
                columns.Add(new QueryColumn(reader.GetString(0), reader.GetString(1)));
        }

        string names = string.Join(", ", columns.Select((_, i) => $"c{i}"));
        string values = string.Join(", ", columns.Select((c, i) => c.IsNested ? $"to_json(c{i})::VARCHAR" : $"c{i}::VARCHAR"));
        using DuckDBCommand command = Command($"SELECT {values} FROM {query} AS answer({names}) LIMIT {limits.Rows + 1L}");
        command.UseStreamingMode = true;
        using DuckDBDataReader answer = command.ExecuteReader();
        List<IReadOnlyList<string?>> rows = [];
        long characters = 0;
        while (answer.Read())
        {
            string?[] row = [.. columns.Select((_, i) => answer.IsDBNull(i) ? null : answer.GetString(i))];
            characters += row.Sum(value => (long)(value?.Length ?? 0));
            if (rows.Count == limits.Rows || characters > limits.Characters)
                return (columns, rows, true);
            rows.Add(row);
        }

        return (columns, rows, false);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _temporary.Delete(recursive: true);
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private void Execute(string sql)
    {
        using DuckDBCommand command = Command(sql);
        command.ExecuteNonQuery();
    }

    private DuckDBCommand Command(string sql)
    {
        DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
