using System.Collections.Concurrent;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Media;
using KapsoArchive.Core.Media.Waiting;

namespace KapsoArchive.Core.Runs.Fetching;

/// <summary>Fetches single files, and stages them among the files of a run. What the run has already is not staged again.</summary>
internal sealed class FileFetch(ProjectArchive archive, JournalHead head)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RunFile>>> _staged = new(StringComparer.Ordinal);
    private readonly bool _allowsThisMachine =
        head.Source != ExportSource.Archive && new Uri(archive.Kapso.BaseUrl, UriKind.Absolute).IsLoopback;

    private volatile bool _spendsBudget;

    /// <summary>For an export: what the archive has; null to ask the source only.</summary>
    public ArchivedFiles? Archived { get; set; }

    private IStore Store => archive.Store;

    /// <summary>A file that earlier entries of the journal have.</summary>
    public void Add(RunFile file) => _staged[file.Entry.Sha256] = new Lazy<Task<RunFile>>(Task.FromResult(file));

    /// <exception cref="StoreException">The store failed.</exception>
    /// <exception cref="OperationCanceledException">Then the attempt does not count.</exception>
    public async Task<FetchedFile> FetchAsync(WaitingFile file, CancellationToken cancellationToken)
    {
        MediaRow? known = Archived?.Find(file);
        if (known is not null && await CopyAsync(file, known, cancellationToken) is { } copy)
            return copy;
        if (head.Source == ExportSource.Archive)
        {
            MediaOutcome last = known is { Outcome: not MediaOutcome.Stored } ? known.Outcome : MediaOutcome.Failed;
            return Ended(file, file.Links[0], last, left: null, known?.Reason ?? "the archive does not have it");
        }

        (string link, MediaAnswer answer) = await AskAsync(file, cancellationToken);
        await using (answer)
        {
            (MediaOutcome outcome, WaitingFile? left) = file.After(answer.Verdict, head.StartedAt);
            if (answer.Content is not { } content)
                return Ended(file, link, outcome, left, answer.Reason);
            RunFile staged = await StageAsync(
                content.Sha256, content.Type.Extension, content.Length, content.CopyToAsync, isHashed: true, cancellationToken);
            return Stored(file, link, staged, content.DeclaredType, content.Type.Name);
        }
    }

    /// <summary>The end of an attempt that was cut off, and would be again.</summary>
    public FetchedFile TooSlow(WaitingFile file)
    {
        (MediaOutcome outcome, WaitingFile? left) = file.After(MediaVerdict.Unavailable, head.StartedAt);
        return Ended(file, file.Links[0], outcome, left, "it arrives too slowly");
    }

    /// <summary>Asks for the newest link, and if that is dead once more for the one before.</summary>
    private async Task<(string Link, MediaAnswer Answer)> AskAsync(WaitingFile file, CancellationToken cancellationToken)
    {
        MediaAnswer answer = await GetAsync(file.Links[0], file, cancellationToken);
        if (answer.Verdict != MediaVerdict.Gone || file.Links.Count == 1)
            return (file.Links[0], answer);
        await answer.DisposeAsync();
        return (file.Links[1], await GetAsync(file.Links[1], file, cancellationToken));
    }

    /// <summary>Asks for a file. Once an answer has told of the key's rate limit, later requests wait for the budget.</summary>
    private async Task<MediaAnswer> GetAsync(string link, WaitingFile file, CancellationToken cancellationToken)
    {
        RatePermit? permit = _spendsBudget ? await archive.Budget.WaitAsync(cancellationToken) : null;
        try
        {
            MediaAnswer answer = await archive.Files.GetAsync(
                link, archive.Options.MaxMediaBytes, file.ContentType, _allowsThisMachine, cancellationToken);
            _spendsBudget |= answer.RateLimit is { Limit: not null } or { Remaining: not null };
            return answer;
        }
        catch (IOException)
        {
            return new MediaAnswer(MediaVerdict.Unavailable, "the temporary folder has no room for it", Content: null);
        }
        finally
        {
            if (permit is { } spent)
                archive.Budget.Lose(spent);
        }
    }

    /// <summary>Copies a file out of the archive.</summary>
    /// <returns>Null if it cannot be read there.</returns>
    private async Task<FetchedFile?> CopyAsync(WaitingFile file, MediaRow known, CancellationToken cancellationToken)
    {
        if (known is not { Path: { } path, Sha256: { } hash } || StorePath.TryCreate(StoreArea.Data, path) is not { } place
            || await Store.OpenReadAsync(place, cancellationToken) is not { } stream)
            return null;
        await using (stream)
        {
            RunFile staged = await StageAsync(
                hash, path[(path.LastIndexOf('.') + 1)..], stream.Length,
                stream.CopyToAsync, isHashed: false, cancellationToken);
            if (staged.Staged.Sha256 != hash)
                throw new DamagedFileException(path, Store.LocationOf(StoreArea.Data), ["does not have its SHA-256"]).WithRemedy();
            return Stored(
                file with { FileName = known.FileName ?? file.FileName }, file.Links[0], staged, known.ContentType, known.DetectedType);
        }
    }

    /// <summary>Stages a file once, however many messages have it.</summary>
    /// <param name="isHashed">Whether the content has been hashed. Otherwise its staging does it, and the caller compares.</param>
    private Task<RunFile> StageAsync(
        string hash, string extension, long length, Func<Stream, CancellationToken, Task> write, bool isHashed,
        CancellationToken cancellationToken)
    {
        string path = Layout.MediaFile(hash, extension);
        return _staged.GetOrAdd(hash, _ => new Lazy<Task<RunFile>>(() => StageOnceAsync())).Value;

        async Task<RunFile> StageOnceAsync()
        {
            var place = new StorePath(head.Area, head.Layout.Folder + path);
            ManifestFile entry = new(path, Datasets.MediaFiles, extension, Rows: 0, length, hash, MinCreatedAt: null, MaxCreatedAt: null);
            if (head.Kind == RunKind.Archive && await IsPresentAsync(place, length, cancellationToken))
                return new RunFile(new StagedFile(place, head.RunId, Attempt: "", Blocks: 0, length, hash), entry) { IsPresent = true };
            await using StagingStream stream = await Store.StageAsync(place, head.RunId, cancellationToken);
            stream.KnownSha256 = isHashed ? hash : null;
            await write(stream, cancellationToken);
            return new RunFile(await stream.CompleteAsync(cancellationToken), entry);
        }
    }

    /// <summary>Whether an earlier run has made the file visible. Its content has named it.</summary>
    private async Task<bool> IsPresentAsync(StorePath path, long length, CancellationToken cancellationToken)
    {
        if (await Store.OpenReadAsync(path, cancellationToken) is not { } stream)
            return false;
        await using (stream)
            return stream.Length == length;
    }

    private FetchedFile Stored(WaitingFile file, string link, RunFile staged, string? declared, string? detected)
    {
        FetchedFile ended = Ended(file, link, MediaOutcome.Stored, left: null, reason: null);
        return new FetchedFile(
            ended.Tried with
            {
                Row = ended.Tried.Row with
                {
                    ContentType = declared ?? file.ContentType,
                    DetectedType = detected,
                    Bytes = staged.Entry.Bytes,
                    Sha256 = staged.Entry.Sha256,
                    Path = staged.Entry.Path,
                },
            },
            staged);
    }

    /// <summary>An export has no next night, so what would wait has failed.</summary>
    private FetchedFile Ended(WaitingFile file, string link, MediaOutcome outcome, WaitingFile? left, string? reason) => new(
        new TriedFile(
            file.Key, file.LinkKey,
            new MediaRow
            {
                ConversationId = file.ConversationId,
                MessageId = file.MessageId,
                Run = head.Run,
                LinkFingerprint = WaitingFile.FingerprintOf(link),
                FileName = file.FileName,
                ContentType = file.ContentType,
                Outcome = head.Kind == RunKind.Export && outcome == MediaOutcome.Waiting ? MediaOutcome.Failed : outcome,
                Reason = reason,
                Attempts = file.Attempts + 1,
            },
            left),
        Staged: null);
}

/// <summary>The end of one attempt.</summary>
/// <param name="Staged">The file; null if it did not arrive.</param>
internal sealed record FetchedFile(TriedFile Tried, RunFile? Staged);
