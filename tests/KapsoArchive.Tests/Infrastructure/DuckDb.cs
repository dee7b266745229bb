using System.Globalization;
using DuckDB.NET.Data;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>A DuckDB in memory: the engine that the lake's readers are most likely to use, and one that shares no code with the writer.</summary>
public sealed class DuckDb : IDisposable
{
    private readonly DuckDBConnection _connection = new("Data Source=:memory:");

    public DuckDb()
    {
        _connection.Open();
        Execute("SET TimeZone = 'UTC'");
    }

    public void Execute(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public long Count(string sql, params object[] parameters)
    {
        using DuckDBCommand command = Command(sql, parameters);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public IReadOnlyList<object?[]> Rows(string sql, params object[] parameters)
    {
        using DuckDBCommand command = Command(sql, parameters);
        using DuckDBDataReader reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
        {
            object?[] row = new object?[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }

    public void Dispose() => _connection.Dispose();

    private DuckDBCommand Command(string sql, object[] parameters)
    {
        DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (object parameter in parameters)
            command.Parameters.Add(new DuckDBParameter(parameter));
        return command;
    }
}
