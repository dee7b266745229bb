using System.Text.Json.Serialization;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Journal;

/// <summary>A file of a run that is staged whole, with what the manifest will say of it.</summary>
internal sealed record RunFile([property: JsonRequired] StagedFile Staged, [property: JsonRequired] ManifestFile Entry);
