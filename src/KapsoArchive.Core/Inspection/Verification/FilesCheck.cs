using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Checks the files of a manifest: each exists at its place and is the file that was written.</summary>
internal sealed partial class FilesCheck(IStore store, RunKind kind, VerificationNotes notes, VerificationTracker tracker)
{
    private readonly string _remedy = kind == RunKind.Export ? Remedy.ExportAnew : Remedy.Restore;

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
        await CheckAbandonedAsync(stored, cancellationToken);
    }

    /// <summary>Checks that the visible files of a closed run are the ones it was to publish.</summary>
    private async Task CheckAbandonedAsync(StoredManifest stored, CancellationToken cancellationToken)
    {
        int visible = 0;
        foreach (ManifestFile file in stored.Manifest!.Abandoned ?? [])
            visible += await IsVisibleAsync(file, stored, cancellationToken) ? 1 : 0;
        if (stored.Manifest.Status == Manifest.Closed)
            notes.Remark(string.Create(CultureInfo.InvariantCulture,
                $"Run {stored.RunId} could not be published, and was closed as failed. {visible:N0} of its files are visible, and no view "
                + $"reads them."));
    }

    private async Task<bool> IsVisibleAsync(ManifestFile file, StoredManifest stored, CancellationToken cancellationToken)
    {
        const string Remedy = "It belongs to a run that was closed as failed, so no view reads it: delete it.";
        try
        {
            if (PathOf(file, stored) is not { } path || await store.OpenReadAsync(path, cancellationToken) is not { } stream)
                return false;
            await using (stream)
            {
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)) != file.Sha256)
                    notes.Find(file.Path, "is not what that run wrote", Remedy);
            }
        }
        catch (RefusedFileException e)
        {
            notes.Find(file.Path, e.Problem, Remedy);
        }

        return true;
    }

    private StorePath? PathOf(ManifestFile file, StoredManifest stored)
    {
        var layout = new RunLayout(new RunStamp(stored.RunId, stored.Manifest!.StartedAt), kind);
        return LiesWhereItBelongs(file, layout) ? StorePath.TryCreate(JournalHead.AreaOf(kind), layout.Folder + file.Path) : null;
    }

    /// <returns>Whether it is sound.</returns>
    private async Task<bool> CheckAsync(
        ManifestFile file, StoredManifest stored, ConversationTally tally, CancellationToken cancellationToken)
    {
        Manifest manifest = stored.Manifest!;
        if (PathOf(file, stored) is not { } path)
        {
            notes.Find(file.Path, $"is no place for a file of dataset {file.Dataset} of run {stored.RunId}; {stored.Path} names it",
                Remedy.CompareManifest);
            return false;
        }

        await using Stream? stream = await OpenAsync(file, stored, path, cancellationToken);
        if (stream is null)
            return false;

        try
        {
            IReadOnlyList<string> problems = await PartCheck.FindAsync(stream, file, manifest.SchemaVersion, cancellationToken);
            foreach (string problem in problems)
                notes.Find(file.Path, problem, _remedy);
            if (problems.Count > 0)
                return false;
            if (file.Dataset == Datasets.Conversations.Name)
                await tally.ReadAsync(stream, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or StoreException { InnerException: IOException })
        {
            notes.Find(file.Path, $"cannot be read: {e.Message}", _remedy);
            return false;
        }

        Files++;
        Rows += file.Rows;
        Bytes += file.Bytes;
        return true;
    }

    /// <returns>Null if the file is missing or not a regular file, which is a finding.</returns>
    private async Task<Stream?> OpenAsync(ManifestFile file, StoredManifest stored, StorePath path, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.OpenReadAsync(path, cancellationToken) is { } stream)
                return stream;
            notes.Find(file.Path, $"is missing: {stored.Path} names it", _remedy);
        }
        catch (RefusedFileException e)
        {
            notes.Find(file.Path, e.Problem, _remedy);
        }

        return null;
    }

    private static bool LiesWhereItBelongs(ManifestFile file, RunLayout layout)
    {
        int number = PartNumber().Match(file.Path) is { Success: true } match
            ? int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)
            : 0;
        if (file.Dataset == Datasets.MessagesHtml)
            return layout.Kind == RunKind.Export && file.Path.StartsWith(RunLayout.Page(""), StringComparison.Ordinal);
        string? expected =
            file.Dataset == Layout.Names(PartFormat.Parquet).Dataset ? layout.Messages(PartFormat.Parquet, number)
            : file.Dataset == Layout.Names(PartFormat.Jsonl).Dataset ? layout.Messages(PartFormat.Jsonl, number)
            : file.Dataset == Layout.Names(PartFormat.Csv).Dataset ? layout.Messages(PartFormat.Csv, number)
            : file.Dataset == Datasets.Conversations.Name ? layout.Conversations
            : file.Dataset == Datasets.Rejected ? layout.Rejected
            : null;
        return expected is null || expected == file.Path; // For an unknown dataset the file's own check reports it.
    }

    [GeneratedRegex(
        @"-(?<number>[0-9]{5,9})\.[a-z.]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PartNumber();
}
