using System.Text;
using System.Text.Json.Serialization.Metadata;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Documents;

/// <summary>The tables of docs/data-dictionary.md, made from the schema. What stands around them is written by hand.</summary>
internal static class DataDictionary
{
    private const string End = "<!-- end -->";

    /// <summary>The page with its tables made anew. A table stands between <c>&lt;!-- made from the schema: NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>.</summary>
    public static string Update(string page)
    {
        page = Replace(page, "messages", Table(Datasets.Messages));
        page = Replace(page, "conversations", Table(Datasets.Conversations));
        page = Replace(page, "media", Table(Datasets.Media));
        return Replace(page, "manifest", ManifestTable());
    }

    private static string Replace(string page, string name, string table)
    {
        string begin = $"<!-- made from the schema: {name} -->";
        int start = page.IndexOf(begin, StringComparison.Ordinal);
        start.ShouldBeGreaterThanOrEqualTo(0, $"the page has no place for {name}");
        int end = page.IndexOf(End, start, StringComparison.Ordinal);
        return $"{page[..start]}{begin}\n{table}{page[end..]}";
    }

    private static string Table<TRow>(Dataset<TRow> dataset)
    {
        StringBuilder table = new("| column | type | null | since | |\n|---|---|---|---|---|\n");
        foreach (Column<TRow> column in dataset.Columns)
            table.Append($"| `{column.Name}` | {TypeOf(column)} | {(column.Required ? "never" : "may be")} | {column.Since} | {column.Description} |\n");
        return table.Append($"\nWithin a row group the rows are sorted by {string.Join(", ", dataset.SortedBy.Select(i => $"`{dataset.Columns[i].Name}`"))}.\n").ToString();
    }

    private static string TypeOf<TRow>(Column<TRow> column) => column switch
    {
        TextColumn<TRow> { Dictionary: true } => "STRING, dictionary",
        TextColumn<TRow> => "STRING",
        TimestampColumn<TRow> => "TIMESTAMP(MICROS, UTC)",
        CountColumn<TRow> => "INT64",
        _ => throw new InvalidOperationException($"Column {column.Name} is of no known kind."),
    };

    private static string ManifestTable()
    {
        StringBuilder table = new("| member | type | null | since | |\n|---|---|---|---|---|\n");
        List<string> members = [];
        Describe(LakeJson.Default.Manifest, "", table, members);
        members.ShouldBe(ManifestWords.Of.Keys, ignoreOrder: true, "each member of the manifest is described, and no other");
        return table.ToString();
    }

    private static void Describe(JsonTypeInfo type, string prefix, StringBuilder table, List<string> members)
    {
        foreach (JsonPropertyInfo property in type.Properties.Where(p => p.Get is not null)) // Not those that are ignored.
        {
            string name = prefix + property.Name;
            JsonTypeInfo value = LakeJson.Default.GetTypeInfo(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).ShouldNotBeNull(name);
            bool isList = value.Kind == JsonTypeInfoKind.Enumerable;
            JsonTypeInfo item = isList ? LakeJson.Default.GetTypeInfo(value.ElementType!).ShouldNotBeNull(name) : value;
            bool mayBeNull = property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsGetNullable;
            members.Add(name);
            table.Append($"| `{name}` | {(isList ? "list of " : "")}{TypeOf(item)} | {NullOf(property, mayBeNull)} | {ManifestWords.SinceOf(name)} | {ManifestWords.Of.GetValueOrDefault(name)} |\n");
            if (item.Kind == JsonTypeInfoKind.Object)
                Describe(item, $"{name}{(isList ? "[]" : "")}.", table, members);
        }
    }

    /// <summary>A member with a condition is left out if it is null.</summary>
    private static string NullOf(JsonPropertyInfo property, bool mayBeNull) => !mayBeNull ? "never" : property.ShouldSerialize is null ? "may be" : "left out";

    private static string TypeOf(JsonTypeInfo type) => type switch
    {
        { Kind: JsonTypeInfoKind.Object } => "object",
        _ when type.Type == typeof(string) => "text",
        _ when type.Type == typeof(bool) => "true or false",
        _ when type.Type == typeof(DateTimeOffset) => "time",
        _ when type.Type == typeof(long) || type.Type == typeof(int) => "whole number",
        _ => throw new InvalidOperationException($"The manifest holds a {type.Type}, for which the dictionary has no word."),
    };
}
