namespace KapsoArchive.Core.Journal;

/// <summary>The last entry of a run's journal. From here on the run is published, not read, and any execution can finish the
/// publication.</summary>
/// <param name="Manifest">The bytes of the future manifest.</param>
/// <param name="Files">All files that the manifest names.</param>
internal sealed record JournalCommit([property: JsonRequired] byte[] Manifest, [property: JsonRequired] IReadOnlyList<RunFile> Files)
{
    /// <summary>The files that the archive waits for after this run; null if the run fetches none.</summary>
    public byte[]? Waiting { get; init; }

    /// <exception cref="JsonException">The bytes are not a manifest.</exception>
    public Manifest ToManifest() => Lake.Manifest.FromJson(Manifest);
}
