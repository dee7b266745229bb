using Parquet.Meta;

namespace KapsoArchive.Core.Lake.Parquet;

/// <summary>Compares the columns in a Parquet footer with those of a dataset: physical type, logical type and nullability.</summary>
internal static class FooterColumns
{
    /// <returns>Predicates of sentences about the file; empty if the columns agree.</returns>
    public static IReadOnlyList<string> Differences<TRow>(FileMetaData footer, Dataset<TRow> dataset, int schemaVersion)
    {
        List<(string Name, string Type)> expected = [
            .. dataset.Columns.Where(c => c.Since <= schemaVersion).Select(c => (c.Name, Describe(c)))];
        List<(string Name, string Type)> actual = [.. footer.Schema.Skip(1).Select(e => (e.Name, Describe(e)))];
        if (schemaVersion > Datasets.SchemaVersion)
            // Columns are only added, and a newer version of this program added these.
            actual.RemoveAll(a => dataset.Columns.All(c => c.Name != a.Name));

        List<string> differences = [];
        foreach ((string name, string type) in expected)
        {
            List<string> types = [.. actual.Where(a => a.Name == name).Select(a => a.Type)];
            if (types.Count == 0)
                differences.Add($"lacks the column {name}");
            else if (types.Count > 1)
                differences.Add($"has the column {name} {types.Count} times");
            else if (types[0] != type)
                differences.Add($"has the column {name} as {types[0]}, but it should be {type}");
        }

        differences.AddRange(
            actual.Where(a => expected.All(e => e.Name != a.Name)).Select(a => $"has a column {a.Name} that its dataset does not have"));
        if (differences.Count == 0 && !actual.SequenceEqual(expected))
            differences.Add("has its columns in another order than its dataset");
        return differences;
    }

    private static string Describe<TRow>(Column<TRow> column) => $"{(column.Required ? "required" : "optional")} " + column switch
    {
        TextColumn<TRow> => "BYTE_ARRAY STRING",
        TimestampColumn<TRow> => "INT64 TIMESTAMP(MICROS, UTC)",
        _ => "INT64",
    };

    private static string Describe(SchemaElement element)
    {
        string logical = element.LogicalType switch
        {
            null or { INTEGER: { BitWidth: 64, IsSigned: true } } => "", // The default meaning of INT64.
            { STRING: not null } => " STRING",
            { TIMESTAMP: { IsAdjustedToUTC: true, Unit.MICROS: not null } } => " TIMESTAMP(MICROS, UTC)",
            _ => " of another logical type",
        };
        string kind = element.NumChildren > 0 ? "group" : element.Type?.ToString() ?? "nothing";
        return $"{(element.RepetitionType ?? FieldRepetitionType.REQUIRED).ToString().ToLowerInvariant()} {kind}{logical}";
    }
}
