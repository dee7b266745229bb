using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>Reads a list of formats as people write it.</summary>
public static class Formats
{
    /// <param name="text">For example <c>parquet,jsonl</c>.</param>
    /// <param name="setting">The name of the setting or option it came from, for the error.</param>
    /// <exception cref="SettingException">A format is unknown, or there is none.</exception>
    public static IReadOnlyList<PartFormat> Parse(string? text, string setting)
    {
        List<PartFormat> formats = [];
        foreach (string name in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            PartFormat format = name.ToLowerInvariant() switch
            {
                "parquet" => PartFormat.Parquet,
                "jsonl" => PartFormat.Jsonl,
                _ => throw new SettingException($"{setting}: there is no format \"{name}\". Use parquet, jsonl, or parquet,jsonl."),
            };
            if (!formats.Contains(format))
                formats.Add(format);
        }

        return formats.Count > 0 ? formats : throw new SettingException($"{setting} is empty. Use parquet, jsonl, or parquet,jsonl.");
    }
}
