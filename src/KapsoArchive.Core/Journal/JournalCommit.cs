using System.Text.Json.Serialization;

namespace KapsoArchive.Core.Journal;

/// <summary>The last entry of a run's journal: from here on the run is not read but published, and whoever finds it can finish that.</summary>
/// <param name="Manifest">The bytes that the manifest will have.</param>
/// <param name="Files">All files that the manifest names.</param>
internal sealed record JournalCommit([property: JsonRequired] byte[] Manifest, [property: JsonRequired] IReadOnlyList<RunFile> Files);
