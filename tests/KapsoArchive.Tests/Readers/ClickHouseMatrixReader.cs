using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KapsoArchive.Tests.Readers;

internal sealed class ClickHouseMatrixReader() : MatrixReader("ClickHouse")
{
    public override IReadOnlyList<string> Shown { get; } =
        [.. Sighting.Columns, Sighting.FoundById, Sighting.TimeAsText, .. Sighting.JsonColumns.Select(Sighting.MembersOf), Sighting.Number, Sighting.After];

    public override async Task<IReadOnlyList<Sighting>> ReadAsync(MatrixLake lake, CancellationToken cancellationToken)
    {
        await using ClickHouse clickHouse = await ClickHouse.StartAsync(cancellationToken);
        string part = $"file('{lake.Parquet}', Parquet)";
        IEnumerable<string> columns =
        [
            .. Sighting.Columns.Select(column => Sighting.Times.Contains(column) ? $"toUnixTimestamp64Micro({column})" : column),
            "toString(created_at) || 'Z'",
            .. Sighting.JsonColumns.Select(column => $"if(isValidJSON({column}), JSONLength({column}), NULL)"),
            "nullIf(JSONExtractRaw(assumeNotNull(metadata), 'n'), '')",
            "nullIf(JSONExtractString(assumeNotNull(metadata), 'after'), '')",
        ];
        // Aliases of the columns' own names would replace them in the other expressions.
        List<string> names = [.. Shown.Where(name => name != Sighting.FoundById)];
        string select = string.Join(", ", columns.Select((column, i) => $"{column} AS c{i}"));
        List<Sighting> sightings = [];
        foreach (JsonElement row in await clickHouse.QueryAsync($"SELECT {select} FROM {part}", cancellationToken))
        {
            Sighting sighting = Sighting.Of(names.Select((name, i) => (name, Text(row.GetProperty($"c{i}")))));
            string id = Convert.ToHexString(Encoding.UTF8.GetBytes(sighting.Id));
            JsonElement found = (await clickHouse.QueryAsync($"SELECT count() AS rows FROM {part} WHERE id = unhex('{id}')", cancellationToken)).Single();
            sighting[Sighting.FoundById] = Text(found.GetProperty("rows"));
            if (sighting[Sighting.TimeAsText] is { } time)
                sighting[Sighting.TimeAsText] = time.Replace(' ', 'T');
            sightings.Add(sighting);
        }

        return sightings;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => value.GetInt64().ToString(CultureInfo.InvariantCulture),
        _ => value.GetString(),
    };
}
