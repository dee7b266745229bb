using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Readers;

/// <summary>An engine that parses lines and has no columns. A line has the record's members as they were sent, so a column is what its member says
/// if that is of the column's type.</summary>
internal abstract class JsonLinesMatrixReader(string name) : MatrixReader(name, readsLines: true)
{
    public override IReadOnlyList<string> Shown => ShownOfLines;

    public override async Task<IReadOnlyList<Sighting>> ReadAsync(MatrixLake lake, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(lake.Jsonl), CompressionMode.Decompress)))
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
                lines.Add(line);
        }

        List<Sighting> sightings = [];
        await foreach (JsonElement line in ParseAsync(lines, cancellationToken))
            sightings.Add(See(line));
        foreach (IGrouping<string, Sighting> same in sightings.GroupBy(sighting => sighting.Id))
        {
            foreach (Sighting sighting in same)
                sighting[Sighting.FoundById] = Sighting.Digits(same.Count());
        }

        return sightings;
    }

    /// <summary>The lines that the engine can parse, each as the engine has it.</summary>
    protected abstract IAsyncEnumerable<JsonElement> ParseAsync(IReadOnlyList<string> lines, CancellationToken cancellationToken);

    /// <summary>The time of a member, in microseconds, as the engine reads it; null if it reads none.</summary>
    protected abstract long? Time(JsonElement value);

    private Sighting See(JsonElement line)
    {
        JsonElement archive = line.GetProperty("_archive");
        Sighting sighting = [];
        foreach (Column<MessageRow> column in Datasets.Messages.Columns.Where(column => column.Name != "extra"))
        {
            JsonElement value = (ArchiveColumns.Contains(column.Name) ? archive : line).TryGetProperty(column.Name, out JsonElement member) ? member : default;
            sighting[column.Name] = column switch
            {
                TimestampColumn<MessageRow> => value.ValueKind == JsonValueKind.String ? Sighting.Digits(Time(value)) : null,
                CountColumn<MessageRow> => value.ValueKind == JsonValueKind.Number ? value.GetInt64().ToString(CultureInfo.InvariantCulture) : null,
                _ when Sighting.JsonColumns.Contains(column.Name) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : value.GetRawText(),
                _ when column.Name == "id" && value.ValueKind == JsonValueKind.Number => value.GetRawText(),
                _ => value.ValueKind == JsonValueKind.String ? value.GetString() : null,
            };
            if (Sighting.JsonColumns.Contains(column.Name))
                sighting[Sighting.MembersOf(column.Name)] = sighting[column.Name] is null ? null : Sighting.Digits(Sighting.Members(value));
        }

        JsonElement metadata = line.TryGetProperty("metadata", out JsonElement json) ? json : default;
        sighting[Sighting.Number] = Sighting.MemberText(metadata, "n");
        sighting[Sighting.After] = Sighting.MemberText(metadata, "after");
        return sighting;
    }
}
