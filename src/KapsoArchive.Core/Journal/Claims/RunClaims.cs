namespace KapsoArchive.Core.Journal.Claims;

/// <summary>The claims of an archive, or of one export, as the holder of its lock sees them: numbered documents of the state area, of which
/// the highest counts. A claim is created only if its number is free, and never replaced, so a paused writer cannot claim what another
/// claimed meanwhile. The newest claim of this object is the right to execute one run, until another writer claims it. See
/// <c>docs/decisions/13-fencing.md</c>.</summary>
internal sealed class RunClaims
{
    /// <summary>Folder of the claims of an archive.</summary>
    public const string Folder = "claims/";

    private const string Extension = ".json";
    private const int Digits = 10;
    private const long LastNumber = 9_999_999_999;

    /// <summary>If there are more claims than this, the oldest are deleted, so that a listing stays one page.</summary>
    private const int Most = 60;

    private const int Kept = 10;

    private readonly IStore _store;
    private readonly string _folder;
    private readonly RunKind _kind;
    private readonly LockHolder _holder;
    private readonly TimeProvider _time;
    private long? _number;
    private ClaimDocument? _newest;

    private RunClaims(IStore store, string folder, RunKind kind, StoreLock held, TimeProvider time) =>
        (_store, _folder, _kind, _holder, _time) = (store, folder, kind, held.Holder, time);

    /// <summary>What is wrong with the claim that was read, in a sentence; null if nothing is.</summary>
    public string? Damage { get; private set; }

    /// <summary>Whether something of the claimed run may be visible.</summary>
    public bool IsPublishing => _newest is { Phase: ClaimPhase.Publishing };

    /// <param name="held">The lock of the archive, or of the export.</param>
    /// <param name="exportId">For an export: its id.</param>
    public static RunClaims Of(IStore store, StoreLock held, TimeProvider time, string? exportId = null) =>
        exportId is null
            ? new RunClaims(store, Folder, RunKind.Archive, held, time)
            : new RunClaims(store, FolderOf(exportId), RunKind.Export, held, time);

    /// <summary>The claims of a folder, lowest number first. Other documents are ignored.</summary>
    public static async Task<List<(long Number, StorePath Path)>> ListAsync(
        IStore store, string folder, CancellationToken cancellationToken)
    {
        List<(long, StorePath)> claims = [];
        await foreach (StoredFile file in store.ListAsync(StoreArea.State, folder, cancellationToken))
        {
            ReadOnlySpan<char> name = file.Path.Name.AsSpan(folder.Length);
            if (name.Length == Digits + Extension.Length
                && name.EndsWith(Extension)
                && long.TryParse(name[..Digits], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                claims.Add((number, file.Path));
            }
        }

        return claims;
    }

    /// <summary>Deletes the claims of an export that has ended. Its record tells late writers so.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task ForgetAsync(IStore store, string exportId)
    {
        foreach ((_, StorePath path) in await ListAsync(store, FolderOf(exportId), CancellationToken.None))
            await store.DeleteAsync(path, CancellationToken.None);
    }

    /// <summary>The newest claim, read once; null if there is none, or it is damaged.</summary>
    public async Task<ClaimDocument?> NewestAsync(CancellationToken cancellationToken)
    {
        if (_number is not null)
            return _newest;
        List<(long Number, StorePath Path)> claims = await ListAsync(_store, _folder, cancellationToken);
        (long number, StorePath? path) = claims.Count > 0 ? claims[^1] : (0, null);
        _newest = path is null ? null : await ReadAsync(number, cancellationToken);
        if (_newest is { Phase: ClaimPhase.Publishing } claim && !await MayFollowAsync(claim.RunId, claim.Predecessor, cancellationToken))
            _newest = null; // It belongs to another archive, or an earlier program without claims has committed a run since.
        _number = number;
        if (path is not null && _newest is null)
        {
            Damage = $"{path.Name} of {_store.LocationOf(StoreArea.State)} is not a claim that a run made. The next claim replaces it, "
                + "and nothing is lost.";
        }

        return _newest;
    }

    /// <summary>Claims a new run, before anything of it is written.</summary>
    /// <param name="runId">The new run.</param>
    /// <param name="predecessor">The newest committed run; null for none.</param>
    /// <exception cref="RunOvertakenException">Another writer is active.</exception>
    public async Task BeginAsync(string runId, string? predecessor, CancellationToken cancellationToken)
    {
        if (await NewestAsync(cancellationToken) is { Phase: ClaimPhase.Publishing } other && other.RunId != runId)
            throw Overtaken(runId, other);
        await ClaimAsync(runId, predecessor, ClaimPhase.Reading, cancellationToken);
    }

    /// <summary>Takes over a run that another execution left.</summary>
    /// <returns>False if the run can no longer be committed: it has ended, or another run was committed since it began.</returns>
    /// <exception cref="RunOvertakenException">Another writer took over meanwhile.</exception>
    public async Task<bool> TakeAsync(RunJournal journal, CancellationToken cancellationToken)
    {
        ClaimDocument? newest = await NewestAsync(cancellationToken);
        if (await IsOverAsync(journal, cancellationToken))
            return false;
        string? predecessor = await PredecessorAsync(journal, cancellationToken);
        bool isPublishing = newest is { Phase: ClaimPhase.Publishing } && newest.RunId == journal.RunId;
        await ClaimAsync(journal.RunId, predecessor, isPublishing ? ClaimPhase.Publishing : ClaimPhase.Reading, cancellationToken);
        return true;
    }

    /// <summary>Enters the publishing phase of the claimed run: from here on something of it may become visible.</summary>
    /// <exception cref="RunOvertakenException">Another writer took over. Nothing was made visible.</exception>
    public Task PublishAsync(CancellationToken cancellationToken) =>
        CreateAsync(_newest!.RunId, _newest.Predecessor, ClaimPhase.Publishing, cancellationToken);

    /// <summary>Ends the claimed run: the rest of its journal belongs to nobody.</summary>
    /// <exception cref="RunOvertakenException">Another writer took over and owns the journal.</exception>
    public Task CloseAsync(CancellationToken cancellationToken) =>
        CreateAsync(_newest!.RunId, _newest.Predecessor, ClaimPhase.Done, cancellationToken);

    /// <summary>Whether the run can no longer be committed: it has ended, or another run was committed since it began.</summary>
    public async Task<bool> IsOverAsync(RunJournal journal, CancellationToken cancellationToken)
    {
        if (await NewestAsync(cancellationToken) is { Phase: ClaimPhase.Done } done && done.RunId == journal.RunId)
            return true;
        return !await MayFollowAsync(journal.RunId, await PredecessorAsync(journal, cancellationToken), cancellationToken);
    }

    /// <summary>Creates exactly the next number, and proves that it is the highest.</summary>
    /// <exception cref="RunOvertakenException">Another writer has created it, or a higher one.</exception>
    public async Task CreateAsync(string runId, string? predecessor, string phase, CancellationToken cancellationToken)
    {
        await NewestAsync(cancellationToken);
        long number = _number!.Value + 1;
        if (number > LastNumber)
        {
            throw new StoreException(
                $"{PathOf(_number.Value).Name} of {_store.LocationOf(StoreArea.State)} leaves no number for another claim. "
                + "No program wrote it: delete it, and run again.");
        }

        var claim = new ClaimDocument(number, runId, predecessor, phase, _holder, _time.GetUtcNow(), Guid.NewGuid().ToString("N"));
        try
        {
            await StoreDocuments.CreateAsync(_store, PathOf(number), claim.ToJson(), cancellationToken);
        }
        catch (StoreConflictException)
        {
            throw await OvertakenAsync(runId, number, cancellationToken);
        }

        (_number, _newest) = (number, claim);
        await CheckAsync(cancellationToken);
    }

    /// <summary>Whether no other writer has made a claim since.</summary>
    public async Task<bool> IsHeldAsync(CancellationToken cancellationToken) =>
        (await ListAsync(_store, _folder, cancellationToken)) is [.., var (number, _)] && number == _number;

    /// <exception cref="RunOvertakenException">Another writer took over.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        List<(long Number, StorePath Path)> claims = await ListAsync(_store, _folder, cancellationToken);
        if (claims is not [.., var (newest, _)] || newest != _number)
            throw await OvertakenAsync(_newest!.RunId, claims.Count > 0 ? claims[^1].Number : 0, cancellationToken);
        if (claims.Count <= Most)
            return;
        foreach ((_, StorePath path) in claims[..^Kept])
            await _store.DeleteAsync(path, cancellationToken);
    }

    private async Task ClaimAsync(string runId, string? predecessor, string phase, CancellationToken cancellationToken)
    {
        await CreateAsync(runId, predecessor, phase, cancellationToken);
        if (!await MayFollowAsync(runId, predecessor, cancellationToken))
        {
            throw new RunOvertakenException(
                $"Another run was committed to {_store.Location} while run {runId} was paused, so this one ends. "
                    + "Run again: nothing is lost.");
        }
    }

    /// <summary>Whether the run can be committed. For an archive run, the run before it must be the newest, apart from its own manifest;
    /// an export must not have ended.</summary>
    private async Task<bool> MayFollowAsync(string runId, string? predecessor, CancellationToken cancellationToken)
    {
        if (_kind == RunKind.Export)
            return await new ProgressDocuments(_store, RunKind.Export).TryReadAsync(runId, cancellationToken) is not { HasEnded: true };
        string? newest = (await new LatestSnapshot(_store).FindAsync(cancellationToken)).RunId;
        return newest == predecessor || newest == runId;
    }

    /// <summary>The run before this one, according to its claim, or to its journal if it was never claimed: an earlier program made no
    /// claims.</summary>
    private async Task<string?> PredecessorAsync(RunJournal journal, CancellationToken cancellationToken)
    {
        if (_kind == RunKind.Export)
            return null;
        if (_newest?.RunId == journal.RunId)
            return _newest.Predecessor;
        try
        {
            return (await journal.ReadHeadAsync(cancellationToken))?.Previous?.RunId;
        }
        catch (InvalidDataException)
        {
            return (await new LatestSnapshot(_store).FindAsync(cancellationToken)).RunId; // Whoever takes it abandons it as damaged.
        }
    }

    private async Task<RunOvertakenException> OvertakenAsync(string runId, long number, CancellationToken cancellationToken) =>
        Overtaken(runId, number > 0 ? await ReadAsync(number, cancellationToken) : null);

    private async Task<ClaimDocument?> ReadAsync(long number, CancellationToken cancellationToken) =>
        await _store.ReadAsync(PathOf(number), cancellationToken) is { } document
            ? ClaimDocument.TryParse(number, document.Content.Span)
            : null;

    private RunOvertakenException Overtaken(string runId, ClaimDocument? by) =>
        new($"{_store.Location} was taken over {(by?.Holder ?? LockHolder.Unknown).Describe()} while run {runId} was paused, "
            + "so this one ends. "
            + "See `kapso-archive status`, and run again when no other process is at work.");

    private StorePath PathOf(long number) =>
        new(StoreArea.State, string.Create(CultureInfo.InvariantCulture, $"{_folder}{number:D10}{Extension}"));

    private static string FolderOf(string exportId) => $"export-claims/{exportId}/";
}
