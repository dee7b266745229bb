using System.Text.RegularExpressions;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Checks the files of a manifest: each exists at its place and is the file that was written.</summary>
/// <param name="part">The files whose content is read; null for all.</param>
internal sealed partial class FilesCheck(
    IStore store, RunKind kind, VerificationNotes notes, VerificationTracker tracker, VerificationPart? part = null)
{
    private readonly string _remedy = kind == RunKind.Export ? Remedy.ExportAnew : Remedy.Restore;

    private readonly HashSet<(string Path, string Sha256, long Bytes)> _sound = [];

    public int Files { get; private set; }

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    public async Task CheckAsync(StoredManifest stored, CancellationToken cancellationToken)
    {
        Manifest manifest = stored.Manifest!;
        var run = new CommittedRun(store, stored.RunId, manifest, kind) { ComparesBytes = true };
        var tally = new ConversationTally();
        bool sound = true;
        var media = new MediaTally();
        bool isWhole = true;
        foreach (ManifestFile file in manifest.Files)
        {
            if (part?.Has(file) == false)
            {
                isWhole = false;
                continue;
            }

            // Runs name a file of several messages again. Its bytes are read once.
            bool isShared = file.Dataset == Datasets.MediaFiles && _sound.Contains((file.Path, file.Sha256, file.Bytes));
            sound &= isShared || await CheckAsync(file, run, stored.Path, tally, media, cancellationToken);
            tracker.FileDone(isShared ? 0 : file.Bytes);
        }

        new TotalsCheck(stored.Path, manifest, notes).Check(sound && isWhole ? tally : null);
        if (sound && isWhole)
            media.Check(stored.Path, manifest, notes);
        await CheckAbandonedAsync(run, cancellationToken);
    }

    /// <summary>Checks that the visible files of a closed run are the ones it was to publish.</summary>
    private async Task CheckAbandonedAsync(CommittedRun run, CancellationToken cancellationToken)
    {
        int visible = 0;
        foreach (ManifestFile file in run.Manifest.Abandoned ?? [])
            visible += await IsVisibleAsync(file, run, cancellationToken) ? 1 : 0;
        if (run.Manifest.Status == Manifest.Closed)
            notes.Remark(string.Create(CultureInfo.InvariantCulture,
                $"Run {run.RunId} could not be published, and was closed as failed. {visible:N0} of its files are visible, and no view "
                + $"reads them."));
    }

    private async Task<bool> IsVisibleAsync(ManifestFile file, CommittedRun run, CancellationToken cancellationToken)
    {
        const string Remedy = "It belongs to a run that was closed as failed, so no view reads it: delete it.";
        try
        {
            if (PathOf(file, run) is not { } path || await store.OpenReadAsync(path, cancellationToken) is not { } stream)
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

    private static StorePath? PathOf(ManifestFile file, CommittedRun run) =>
        LiesWhereItBelongs(file, run.Layout) ? run.PathOf(file) : null;

    /// <returns>Whether it is sound.</returns>
    private async Task<bool> CheckAsync(
        ManifestFile file, CommittedRun run, string manifest, ConversationTally tally, MediaTally media,
        CancellationToken cancellationToken)
    {
        if (PathOf(file, run) is null)
        {
            notes.Find(file.Path, $"is not a valid path for dataset {file.Dataset} of run {run.RunId}, but {manifest} names it",
                Remedy.CompareManifest);
            return false;
        }

        try
        {
            await run.ReadAsync(
                file,
                content => file.Dataset == Datasets.Conversations.Name ? tally.ReadAsync(content, cancellationToken)
                    : file.Dataset == Datasets.Media.Name ? media.ReadAsync(content, cancellationToken)
                    : Task.CompletedTask,
                cancellationToken);
        }
        catch (DamagedFileException e)
        {
            foreach (string problem in e.Problems)
                notes.Find(file.Path, e.IsMissing ? $"is missing, but {manifest} names it" : problem, _remedy);
            return false;
        }
        catch (StoreException e) when (e is RefusedFileException or { InnerException: IOException })
        {
            notes.Find(file.Path, (e as RefusedFileException)?.Problem ?? $"cannot be read: {e.Message}", _remedy);
            return false;
        }

        if (file.Dataset == Datasets.MediaFiles)
            _sound.Add((file.Path, file.Sha256, file.Bytes));
        Files++;
        Rows += file.Rows;
        Bytes += file.Bytes;
        return true;
    }

    private static bool LiesWhereItBelongs(ManifestFile file, RunLayout layout)
    {
        int number = PartNumber().Match(file.Path) is { Success: true } match
            ? int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)
            : 0;
        if (file.Dataset == Datasets.MessagesHtml)
            return layout.Kind == RunKind.Export && file.Path.StartsWith(RunLayout.Page(""), StringComparison.Ordinal);
        string? expected = file.Dataset switch
        {
            Datasets.Rejected => layout.Rejected,
            Datasets.Zip => layout.Zip,
            Datasets.MediaFiles => IsMediaFile(file) ? file.Path : "",
            var name when name == Datasets.Media.Name => layout.Media,
            _ => Enum.GetValues<PartFormat>().Where(f => f != PartFormat.Html)
                .Select(f => file.Dataset == Layout.Names(f).Dataset ? layout.Messages(f, number)
                    : file.Dataset == Layout.ConversationsIn(f) ? layout.ConversationsIn(f)
                    : null)
                .FirstOrDefault(p => p is not null),
        };
        return expected is null || expected == file.Path; // For an unknown dataset the file's own check reports it.
    }

    /// <summary>Whether the file is named by its own hash.</summary>
    private static bool IsMediaFile(ManifestFile file) =>
        file.Sha256.Length == 64 && file.Format is { Length: > 0 and < 16 } extension && extension.All(char.IsAsciiLetterOrDigit)
        && file.Path == Layout.MediaFile(file.Sha256, extension);

    [GeneratedRegex(
        @"-(?<number>[0-9]{5,9})\.[a-z.]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PartNumber();
}
