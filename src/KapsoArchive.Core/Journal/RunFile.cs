namespace KapsoArchive.Core.Journal;

/// <summary>A completely staged file of a run, with its future manifest entry.</summary>
internal sealed record RunFile([property: JsonRequired] StagedFile Staged, [property: JsonRequired] ManifestFile Entry);
