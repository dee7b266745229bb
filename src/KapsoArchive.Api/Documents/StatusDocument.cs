namespace KapsoArchive.Api.Documents;

/// <summary>The status of a run or an export, with its result.</summary>
[Description("The status of a run or an export, with its result. All times are UTC, ISO 8601.")]
internal sealed record StatusDocument : StatusSummary
{
    [JsonPropertyOrder(1)]
    public required StatusResult? Result { get; init; }

    [Description("Exports only: the export succeeded, but its files have been deleted since. Export again.")]
    [JsonPropertyOrder(1)]
    public required bool Expired { get; init; }
}

/// <summary>What a committed run wrote.</summary>
[Description("What it wrote. Null until it is committed, if it failed, and if the export has expired.")]
internal sealed record StatusResult(
    [property: Description("For an export: the manifest's URL, relative to the server. For a run: its path " +
        "in the data area of the lake.")] string Manifest,
    IReadOnlyList<StatusFile> Files);

/// <summary>A file that a committed run wrote.</summary>
[Description("A file, as the manifest names it.")]
internal sealed record StatusFile(
    [property: Description("Relative to the data area, or to the folder of an export.")] string Path,
    [property: Description("For example messages, messages_jsonl, messages_csv, conversations.")] string Dataset,
    [property: Description("parquet, jsonl or csv.")] string Format,
    [property: Description("How many rows it holds.")] long Rows,
    [property: Description("Its size.")] long Bytes,
    [property: Description("SHA-256 of its bytes, 64 lower-case hex digits.")] string Sha256,
    [property: Description("The URL of an export's file, relative to the server. Absent for runs: their " +
        "files are read from the lake."),
               JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url);
