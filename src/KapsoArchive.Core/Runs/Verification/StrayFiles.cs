using System.Globalization;
using System.Text.RegularExpressions;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Verification;

/// <summary>Looks for files of the data area that no manifest names.</summary>
internal sealed partial class StrayFiles(
    IStore store, IReadOnlyList<StoredManifest> manifests, IReadOnlyCollection<string> unfinished, IReadOnlySet<string> missing, VerificationNotes notes)
{
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        HashSet<string> named = [.. manifests.Select(m => m.Path), .. manifests.Where(m => m.Manifest is not null).SelectMany(m => m.Manifest!.Files.Concat(m.Manifest.Abandoned ?? [])).Select(f => f.Path)];
        HashSet<string> unreadable = [.. manifests.Where(m => m.Manifest is null).Select(m => m.RunId)];
        Dictionary<string, int> published = new(StringComparer.Ordinal);
        await foreach (StoredFile file in store.ListAsync(StoreArea.Data, "", cancellationToken))
        {
            string path = file.Path.Name;
            if (named.Contains(path))
                continue;
            string? run = RunId().Match(path) is { Success: true } match ? match.Value : null;
            if (run is not null && unfinished.Contains(run))
                published[run] = published.GetValueOrDefault(run) + 1;
            else if (run is null || !unreadable.Contains(run))
                Find(path, run);
        }

        foreach ((string run, int files) in published)
            notes.Remark(string.Create(CultureInfo.InvariantCulture, $"{files:N0} {(files == 1 ? "file is" : "files are")} visible without a manifest: being published by run {run}."));
    }

    private void Find(string path, string? run)
    {
        if (run is not null && missing.Contains(run))
            notes.Find(path, $"belongs to run {run}, whose manifest is missing", "Leave it until that manifest is restored.");
        else if (run is not null)
            notes.Find(path, "is named by no manifest", "Look at it, then delete it: queries that read the folder see it, and it is no part of the archive.");
        else
            notes.Find(path, "is no file of an archive", "Move it elsewhere: what lies in the data area is taken for data.");
    }

    [GeneratedRegex("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunId();
}
