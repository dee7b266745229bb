using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Readers;

/// <summary>DuckDB over JSON lines, with its columns named: what it finds by itself follows from the first lines.</summary>
internal sealed class DuckDbLinesMatrixReader() : MatrixReader("DuckDB, JSON lines", readsLines: true)
{
    public override IReadOnlyList<string> Shown => ShownOfLines;

    public override Task<IReadOnlyList<Sighting>> ReadAsync(MatrixLake lake, CancellationToken cancellationToken)
    {
        using var duck = new DuckDb();
        string lines = $$"""
            read_json('{{lake.Jsonl}}', format = 'newline_delimited', compression = 'gzip', maximum_object_size = 134217728, columns = {
              {{string.Join(", ", Sighting.Columns.Except(["extra", .. ArchiveColumns]).Select(column => $"{column}: '{Type(column)}'"))}},
              _archive: 'STRUCT({{string.Join(", ", ArchiveColumns.Select(column => $"{column} {Type(column)}"))}})'})
            """;
        IEnumerable<string> columns =
        [
            .. Sighting.Columns.Where(column => column != "extra").Select(Value),
            .. Sighting.JsonColumns.Where(column => column != "extra").Select(DuckDbMatrixReader.Members),
            "metadata ->> '$.n'",
            "metadata ->> '$.after'",
        ];
        IEnumerable<string> names = Shown.Where(name => name != Sighting.FoundById);
        List<Sighting> sightings = [.. duck.Rows($"SELECT {string.Join(", ", columns)} FROM {lines}").Select(row => Sighting.Of(names.Zip(row.Select(Sighting.Digits))))];
        foreach (Sighting sighting in sightings)
            sighting[Sighting.FoundById] = Sighting.Digits(duck.Count($"SELECT count(*) FROM {lines} WHERE id = $1", sighting.Id));
        return Task.FromResult<IReadOnlyList<Sighting>>(sightings);
    }

    private static string Value(string column)
    {
        string member = ArchiveColumns.Contains(column) ? $"_archive.{column}" : column;
        return Sighting.Times.Contains(column) ? $"epoch_us(TRY_CAST({member} AS TIMESTAMPTZ))" : member;
    }

    private static string Type(string column) => column == "position" ? "BIGINT" : Sighting.JsonColumns.Contains(column) ? "JSON" : "VARCHAR";
}
