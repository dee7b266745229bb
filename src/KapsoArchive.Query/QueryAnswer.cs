using System.Text.Encodings.Web;

namespace KapsoArchive.Query;

/// <summary>The answer to a query.</summary>
/// <param name="Snapshot">The newest committed run that was read.</param>
/// <param name="Rows">The values as DuckDB writes them; nested values as JSON; null for NULL. Not made safe for display.</param>
/// <param name="IsCut">Whether the query has more rows.</param>
/// <param name="RunsWithoutParquet">Number of runs whose messages are not in the views, because they exist as JSONL only.</param>
public sealed record QueryAnswer(
    string Snapshot, IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows, bool IsCut, int RunsWithoutParquet)
{
    /// <summary>The answer as one document. A row is an object with the columns' names; a name that occurs again gets a number.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("snapshot", Snapshot);
            writer.WriteBoolean("is_cut", IsCut);
            writer.WriteNumber("runs_without_parquet", RunsWithoutParquet);
            writer.WriteStartArray("columns");
            foreach (QueryColumn column in Columns)
            {
                writer.WriteStartObject();
                writer.WriteString("name", column.Name);
                writer.WriteString("type", column.Type);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("rows");
            foreach (IReadOnlyList<string?> row in Rows)
            {
                writer.WriteStartObject();
                for (int i = 0; i < row.Count; i++)
                {
                    writer.WritePropertyName(Columns[i].Name);
                    Write(writer, Columns[i], row[i]);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, QueryColumn column, string? value)
    {
        if (value is null)
            writer.WriteNullValue();
        else if (column.IsJson && !value.Contains("nan", StringComparison.Ordinal) && !value.Contains("inf", StringComparison.Ordinal))
            writer.WriteRawValue(value);
        else
            writer.WriteStringValue(value);
    }
}

/// <summary>A column of an answer.</summary>
/// <param name="Name">Unique in the answer.</param>
/// <param name="Type">DuckDB's name of the type.</param>
public sealed record QueryColumn(string Name, string Type)
{
    /// <summary>Whether it holds values in values.</summary>
    internal bool IsNested => Type.EndsWith(']') || Type.StartsWith("STRUCT(", StringComparison.Ordinal)
        || Type.StartsWith("MAP(", StringComparison.Ordinal) || Type.StartsWith("UNION(", StringComparison.Ordinal);

    /// <summary>Whether it holds numbers, which are right-aligned.</summary>
    public bool IsNumber => Type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT"
        or "UINTEGER" or "UBIGINT" or "UHUGEINT" or "FLOAT" or "DOUBLE" || Type.StartsWith("DECIMAL(", StringComparison.Ordinal);

    /// <summary>Whether its values are JSON as they stand.</summary>
    internal bool IsJson => IsNumber || IsNested || Type is "BOOLEAN" or "JSON";
}
