using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KapsoArchive.Tests.Readers;

internal sealed class ClickHouseMatrixReader() : MatrixReader("ClickHouse")
{
    /// <summary>Members of <c>metadata</c>, in SQL.</summary>
    public const string Number = "nullIf(JSONExtractRaw(assumeNotNull(metadata), 'n'), '')";

    /// <inheritdoc cref="Number"/>
    public const string After = "nullIf(JSONExtractString(assumeNotNull(metadata), 'after'), '')";

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
            .. Sighting.JsonColumns.Select(Members),
            Number,
            After,
        ];
        // Aliases of the columns' own names would replace them in the other expressions.
        List<string> names = [.. Shown.Where(name => name != Sighting.FoundById)];
        string select = string.Join(", ", columns.Select((column, i) => $"{column} AS c{i}"));
        List<Sighting> sightings = [];
        foreach (JsonElement row in await clickHouse.QueryAsync($"SELECT {select} FROM {part}", cancellationToken))
        {
            Sighting sighting = Sighting.Of(names.Select((name, i) => (name, Text(row.GetProperty($"c{i}")))));
            sighting[Sighting.FoundById] = await FindAsync(clickHouse, part, sighting.Id, cancellationToken);
            if (sighting[Sighting.TimeAsText] is { } time)
                sighting[Sighting.TimeAsText] = time.Replace(' ', 'T');
            sightings.Add(sighting);
        }

        return sightings;
    }

    /// <summary>The number of members of the JSON in a column, in SQL.</summary>
    public static string Members(string column) => $"if(isValidJSON({column}), JSONLength({column}), NULL)";

    /// <summary>The number of rows that a filter on an id finds.</summary>
    public static async Task<string?> FindAsync(ClickHouse clickHouse, string table, string id, CancellationToken cancellationToken, string settings = "")
    {
        string bytes = Convert.ToHexString(Encoding.UTF8.GetBytes(id)); // SQL has no literal for every character.
        return Text((await clickHouse.QueryAsync($"SELECT count() AS rows FROM {table} WHERE id = unhex('{bytes}') {settings}", cancellationToken)).Single().GetProperty("rows"));
    }

    public static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => value.GetInt64().ToString(CultureInfo.InvariantCulture),
        _ => value.GetString(),
    };
}
