using Apache.Arrow;
using Apache.Arrow.Types;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>Reads Parquet with Arrow C++. Text comes as strings, integers as longs, timestamps as microseconds; the types are checked on the way.</summary>
public static class ArrowReader
{
    public static async Task<IReadOnlyList<object?[]>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        using var reader = new ParquetSharp.Arrow.FileReader(file);
        using Apache.Arrow.Ipc.IArrowArrayStream batches = reader.GetRecordBatchReader();
        List<object?[]> rows = [];
        while (await batches.ReadNextRecordBatchAsync(cancellationToken) is { } batch)
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                    rows.Add([.. batch.Arrays.Select(column => Value(column, row))]);
            }
        }

        return rows;
    }

    private static object? Value(IArrowArray column, int row) => column switch
    {
        _ when column.IsNull(row) => null,
        StringArray text => text.GetString(row),
        Int64Array count => count.GetValue(row),
        TimestampArray { Data.DataType: TimestampType { Unit: TimeUnit.Microsecond, Timezone: "UTC" } } time => time.GetValue(row),
        _ => throw new InvalidDataException($"A column of type {column.Data.DataType} is none that the lake has."),
    };
}
