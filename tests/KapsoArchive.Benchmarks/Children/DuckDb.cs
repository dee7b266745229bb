using System.Globalization;
using DuckDB.NET.Data;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>A DuckDB in memory.</summary>
internal sealed class DuckDb : IDisposable
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

    public string Text(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    public long Count(string sql) => long.Parse(Text(sql), CultureInfo.InvariantCulture);

    public void Dispose() => _connection.Dispose();
}
