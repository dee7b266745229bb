using System.Globalization;
using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Verification;

/// <summary>Checks the files that a manifest names: that each is there, where it belongs, and is the one that was written.</summary>
internal sealed partial class FilesCheck(IStore store, VerificationNotes notes, VerificationTracker tracker)
{
    public int Files { get; private set; }

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    public async Task CheckAsync(StoredManifest stored, CancellationToken cancellationToken)
    {
        Manifest manifest = stored.Manifest!;
        var tally = new ConversationTally();
        bool sound = true;
        foreach (ManifestFile file in manifest.Files)
        {
            sound &= await CheckAsync(file, stored, tally, cancellationToken);
            tracker.FileDone(file.Bytes);
        }

        new TotalsCheck(stored.Path, manifest, notes).Check(sound ? tally : null);
    }

    /// <returns>Whether it is sound.</returns>
    private async Task<bool> CheckAsync(ManifestFile file, StoredManifest stored, ConversationTally tally, CancellationToken cancellationToken)
    {
        Manifest manifest = stored.Manifest!;
        if (!LiesWhereItBelongs(file, new RunStamp(stored.RunId, manifest.StartedAt)) || StorePath.TryCreate(StoreArea.Data, file.Path) is not { } path)
        {
            notes.Find(file.Path, $"is no place for a file of dataset {file.Dataset} of run {stored.RunId}; {stored.Path} names it", Remedy.CompareManifest);
            return false;
        }

        await using Stream? stream = await store.OpenReadAsync(path, cancellationToken);
        if (stream is null)
        {
            notes.Find(file.Path, $"is missing: {stored.Path} names it", Remedy.Restore);
            return false;
        }

        try
        {
            IReadOnlyList<string> problems = await PartCheck.FindAsync(stream, file, manifest.SchemaVersion, cancellationToken);
            foreach (string problem in problems)
                notes.Find(file.Path, problem, Remedy.Restore);
            if (problems.Count > 0)
                return false;
            if (file.Dataset == Datasets.Conversations.Name)
                await tally.ReadAsync(stream, cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            notes.Find(file.Path, $"cannot be read: {e.Message}", Remedy.Restore);
            return false;
        }

        Files++;
        Rows += file.Rows;
        Bytes += file.Bytes;
        return true;
    }

    private static bool LiesWhereItBelongs(ManifestFile file, RunStamp run)
    {
        int number = PartNumber().Match(file.Path) is { Success: true } match ? int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        string? expected =
            file.Dataset == Layout.Names(PartFormat.Parquet).Dataset ? Layout.Messages(run, PartFormat.Parquet, number)
            : file.Dataset == Layout.Names(PartFormat.Jsonl).Dataset ? Layout.Messages(run, PartFormat.Jsonl, number)
            : file.Dataset == Datasets.Conversations.Name ? Layout.Conversations(run)
            : file.Dataset == Datasets.Rejected ? Layout.Rejected(run)
            : null;
        return expected is null || expected == file.Path; // Of a dataset that is not known, the check of the file says so.
    }

    [GeneratedRegex(@"-(?<number>[0-9]{5,9})\.[a-z.]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PartNumber();
}
