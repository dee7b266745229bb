namespace KapsoArchive.Core.Journal;

/// <summary>A completely staged file of a run, with its future manifest entry.</summary>
internal sealed record RunFile([property: JsonRequired] StagedFile Staged, [property: JsonRequired] ManifestFile Entry)
{
    /// <summary>Whether an earlier run has made the same file visible. Then nothing is staged, and nothing may be withdrawn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsPresent { get; init; }
}
