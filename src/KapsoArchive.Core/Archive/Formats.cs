namespace KapsoArchive.Core.Archive;

/// <summary>Parses a list of formats as users write it.</summary>
public static class Formats
{
    private static readonly PartFormat[] OfArchive = [PartFormat.Parquet, PartFormat.Jsonl];
    private static readonly PartFormat[] OfExport =
        [PartFormat.Parquet, PartFormat.Jsonl, PartFormat.Csv, PartFormat.Html, PartFormat.Xlsx];

    /// <param name="text">For example <c>parquet,jsonl</c>.</param>
    /// <param name="setting">The name of the setting or option it came from, for the error.</param>
    /// <param name="kind">Kind of the run: only an export supports <c>csv</c>, <c>html</c> and <c>xlsx</c>.</param>
    /// <exception cref="SettingException">A format is unknown, or the list is empty.</exception>
    public static IReadOnlyList<PartFormat> Parse(string? text, string setting, RunKind kind = RunKind.Archive)
    {
        PartFormat[] allowed = kind == RunKind.Export ? OfExport : OfArchive;
        string names = string.Join(", ", allowed.Select(Name));
        List<PartFormat> formats = [];
        foreach (string name in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            PartFormat[] named = [.. allowed.Where(f => Name(f).Equals(name, StringComparison.OrdinalIgnoreCase))];
            if (named.Length == 0)
            {
                string what = OfExportNamed(name) is null ? $"there is no format \"{name}\"" : $"only an export has the format \"{name}\"";
                throw new SettingException($"{setting}: {what}. Use {names}, or several, separated by commas.");
            }

            if (!formats.Contains(named[0]))
                formats.Add(named[0]);
        }

        return formats.Count > 0
            ? formats
            : throw new SettingException($"{setting} is empty. Use {names}, or several, separated by commas.");
    }

    /// <summary>Parses the name of one format of an export; null if it is unknown.</summary>
    public static PartFormat? OfExportNamed(string name) =>
        OfExport.Where(f => Name(f).Equals(name, StringComparison.OrdinalIgnoreCase)).Select(f => (PartFormat?)f).FirstOrDefault();

    private static string Name(PartFormat format) => Layout.Names(format).Format;
}
