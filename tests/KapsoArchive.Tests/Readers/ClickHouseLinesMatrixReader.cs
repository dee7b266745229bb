using System.Text.Json;

namespace KapsoArchive.Tests.Readers;

/// <summary>ClickHouse over JSON lines, with its columns named: it finds none by itself where a member has values of several types. By default
/// a name in another case fills a column too, and a file with a record that has both names is refused.</summary>
internal sealed class ClickHouseLinesMatrixReader() : MatrixReader("ClickHouse, JSON lines", readsLines: true)
{
    private const string Settings = "SETTINGS input_format_column_name_matching_mode = 'match_case'";

    public override IReadOnlyList<string> Shown => ShownOfLines;

    public override async Task<IReadOnlyList<Sighting>> ReadAsync(MatrixLake lake, CancellationToken cancellationToken)
    {
        await using ClickHouse clickHouse = await ClickHouse.StartAsync(cancellationToken);
        string structure = string.Join(", ", Sighting.Columns.Except(["extra", .. ArchiveColumns]).Select(column => $"{column} {Type(column)}"));
        string archive = string.Join(", ", ArchiveColumns.Select(column => $"{column} {Type(column)}"));
        string lines = $"file('{lake.Jsonl}', JSONEachRow, '{structure}, _archive Tuple({archive})')";
        IEnumerable<string> columns =
        [
            .. Sighting.Columns.Where(column => column != "extra").Select(Value),
            .. Sighting.JsonColumns.Where(column => column != "extra").Select(ClickHouseMatrixReader.Members),
            ClickHouseMatrixReader.Number,
            ClickHouseMatrixReader.After,
        ];
        List<string> names = [.. Shown.Where(name => name != Sighting.FoundById)];
        string select = string.Join(", ", columns.Select((column, i) => $"{column} AS c{i}"));
        List<Sighting> sightings = [];
        foreach (JsonElement row in await clickHouse.QueryAsync($"SELECT {select} FROM {lines} {Settings}", cancellationToken))
            sightings.Add(Sighting.Of(names.Select((name, i) => (name, ClickHouseMatrixReader.Text(row.GetProperty($"c{i}"))))));
        foreach (Sighting sighting in sightings)
            sighting[Sighting.FoundById] = await ClickHouseMatrixReader.FindAsync(clickHouse, lines, sighting.Id, cancellationToken, Settings);
        return sightings;
    }

    private static string Value(string column)
    {
        string member = ArchiveColumns.Contains(column) ? $"_archive.{column}" : column;
        if (!Sighting.Times.Contains(column))
            return member;
        string time = $"if(startsWith({member}, '0000'), NULL, {member})"; // It takes year 0 for the present one.
        return $"toUnixTimestamp64Micro(parseDateTime64BestEffortOrNull({time}, 6, 'UTC'))";
    }

    private static string Type(string column) => column == "position" ? "Nullable(Int64)" : "Nullable(String)";
}
