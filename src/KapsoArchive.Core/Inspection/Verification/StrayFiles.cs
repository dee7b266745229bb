using System.Text.RegularExpressions;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Finds entries of the data area that no manifest names. Readers of the folder see them.</summary>
/// <param name="logs">The files of the Delta tables' logs.</param>
/// <param name="missing">Runs whose manifest is missing.</param>
/// <param name="publishing">The files that unfinished runs may have revealed already, by path.</param>
internal sealed partial class StrayFiles(
    IStore store, IReadOnlyList<StoredManifest> manifests, IReadOnlySet<string> logs, IReadOnlyDictionary<string, RunFile> publishing,
    IReadOnlySet<string> missing, VerificationNotes notes)
{
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unreadable = [.. manifests.Where(m => m.Manifest is null).Select(m => m.RunId)];

    /// <summary>Length in bytes of each file that a manifest or a log names.</summary>
    public IReadOnlyDictionary<string, long> Lengths => _lengths;

    public async Task FindAsync(CancellationToken cancellationToken)
    {
        HashSet<string> named = [.. manifests.Select(m => m.Path), .. manifests.Where(m => m.Manifest is not null)
            .SelectMany(m => m.Manifest!.Files.Concat(m.Manifest.Abandoned ?? [])).Select(f => f.Path)];
        Dictionary<string, int> published = new(StringComparer.Ordinal);
        await foreach (StoredEntry entry in store.ListEntriesAsync(StoreArea.Data, "", cancellationToken))
        {
            if (named.Contains(entry.Name) || logs.Contains(entry.Name))
            {
                _lengths[entry.Name] = entry.Length;
                continue;
            }

            if (publishing.TryGetValue(entry.Name, out RunFile? file) && await IsThatAsync(entry, file.Staged, cancellationToken))
                published[file.Staged.Stage] = published.GetValueOrDefault(file.Staged.Stage) + 1;
            else
                Find(entry);
        }

        foreach ((string run, int files) in published)
            notes.Remark(string.Create(CultureInfo.InvariantCulture,
                $"{Quantity.Of(files, "file is", "files are")} visible without a manifest: run {run} is being published."));
    }

    private async Task<bool> IsThatAsync(StoredEntry entry, StagedFile file, CancellationToken cancellationToken)
    {
        if (entry.Oddity is not null || entry.Length != file.Length)
            return false;
        await using Stream? content = await store.OpenReadAsync(file.Path, cancellationToken);
        return content is not null && Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) == file.Sha256;
    }

    private void Find(StoredEntry entry)
    {
        string? run = RunId().Match(entry.Name) is { Success: true } match ? match.Value : null;
        string also = entry.Oddity is { } oddity ? $"{oddity}, and " : "";
        if (CommittedRuns.IsSkipped(entry.Name))
            notes.Find(entry.Name, also + CommittedRuns.Skipped, Remedy.MoveAway);
        else if (run is not null && missing.Contains(run))
            notes.Find(entry.Name, $"{also}belongs to run {run}, whose manifest is missing", "Leave it until that manifest is restored.");
        else if (run is not null && _unreadable.Contains(run))
            notes.Find(
                entry.Name, $"{also}belongs to run {run}, whose manifest cannot be read", "Leave it until that manifest is restored.");
        else if (run is not null)
            notes.Find(entry.Name, $"{also}is named by no manifest",
                "Look at it, then delete it: queries that read the folder see it, but it is not part of the archive.");
        else
            notes.Find(entry.Name, $"{also}is not a file of an archive",
                "Move it elsewhere: readers take every file in the data area for data.");
    }

    [GeneratedRegex("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunId();
}
