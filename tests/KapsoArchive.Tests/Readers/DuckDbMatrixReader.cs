using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Readers;

internal sealed class DuckDbMatrixReader() : MatrixReader("DuckDB")
{
    public override IReadOnlyList<string> Shown { get; } =
        [.. Sighting.Columns, Sighting.FoundById, Sighting.TimeAsText, .. Sighting.JsonColumns.Select(Sighting.MembersOf), Sighting.Number, Sighting.After];

    public override Task<IReadOnlyList<Sighting>> ReadAsync(MatrixLake lake, CancellationToken cancellationToken)
    {
        using var duck = new DuckDb();
        IEnumerable<string> columns =
        [
            .. Sighting.Columns.Select(column => Sighting.Times.Contains(column) ? $"epoch_us({column})" : column),
            "strftime(created_at, '%Y-%m-%dT%H:%M:%S.%fZ')",
            .. Sighting.JsonColumns.Select(Members),
            "metadata ->> '$.n'",
            "metadata ->> '$.after'",
        ];
        IEnumerable<string> names = Shown.Where(name => name != Sighting.FoundById);
        IReadOnlyList<object?[]> rows = duck.Rows($"SELECT {string.Join(", ", columns)} FROM read_parquet('{lake.Parquet}')");
        List<Sighting> sightings = [.. rows.Select(row => Sighting.Of(names.Zip(row.Select(Sighting.Digits))))];
        foreach (Sighting sighting in sightings)
            sighting[Sighting.FoundById] = Sighting.Digits(duck.Count($"SELECT count(*) FROM read_parquet('{lake.Parquet}') WHERE id = $1", sighting.Id));
        return Task.FromResult<IReadOnlyList<Sighting>>(sightings);
    }

    /// <summary>The number of members of the JSON in a column, in SQL.</summary>
    public static string Members(string column) =>
        $"CASE json_type({column}) WHEN 'OBJECT' THEN len(json_keys({column})) WHEN 'ARRAY' THEN json_array_length({column}) ELSE 0 * json_valid({column})::INT END";
}
