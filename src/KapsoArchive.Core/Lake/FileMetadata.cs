namespace KapsoArchive.Core.Lake;

/// <summary>The key-value metadata of every Parquet file of the lake.</summary>
internal static class FileMetadata
{
    public const string SchemaVersion = "kapsoarchive.schema_version";

    public static IReadOnlyDictionary<string, string> Of(RunStamp run) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["kapsoarchive.run_id"] = run.RunId,
        [SchemaVersion] = Datasets.SchemaVersion.ToString(CultureInfo.InvariantCulture),
    };
}
