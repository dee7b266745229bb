using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Journal;

/// <summary>What a run has staged and learned so far: in <c>journal/RUN_ID/</c> of the state area, for an export in
/// <c>export-journal/EXPORT_ID/</c>. A run is in progress while its journal has a head; a finished run's journal is deleted, head first. If
/// a writer is paused and another takes over, neither overwrites documents of the other: documents that count are created once, and refer
/// to their companions by a tag that is unique to the writer.</summary>
internal sealed class RunJournal(IStore store, string runId, RunKind kind = RunKind.Archive)
{
    private const string HeadName = "run.json";
    private const string CommitName = "commit.json";
    private const string PlanName = "plan.json";

    private readonly JournalDocuments _documents = new(store, $"{FolderOf(kind)}{runId}/");
    private string? _headETag;

    public string RunId => runId;

    public RunKind Kind => kind;

    /// <summary>Its first document.</summary>
    public StorePath Head => _documents.Path(HeadName);

    /// <summary>Path of the run's future manifest.</summary>
    public StorePath Manifest => CommittedRuns.PathOf(runId, kind);

    /// <summary>The runs in progress, oldest first. Deletes the remains of journals whose deletion was interrupted.</summary>
    public static async Task<IReadOnlyList<RunJournal>> PendingAsync(IStore store, RunKind kind, CancellationToken cancellationToken)
    {
        ILookup<string, StorePath> documents = await DocumentsAsync(store, kind, cancellationToken);
        foreach (StorePath remnant in documents.Where(d => !HasHead(d)).SelectMany(d => d))
            await store.DeleteAsync(remnant, cancellationToken);
        return [.. Ids(documents).Select(id => new RunJournal(store, id, kind))];
    }

    /// <summary>The ids of the runs in progress, oldest first. Only reads.</summary>
    public static async Task<IReadOnlyList<string>> UnfinishedAsync(IStore store, RunKind kind, CancellationToken cancellationToken) =>
        [.. Ids(await DocumentsAsync(store, kind, cancellationToken))];

    public static async Task<RunJournal> BeginAsync(IStore store, JournalHead head, CancellationToken cancellationToken)
    {
        var journal = new RunJournal(store, head.RunId, head.Kind);
        try
        {
            await journal._documents.CreateAsync(HeadName, head, JournalJson.Default.JournalHead, cancellationToken);
        }
        catch (StoreConflictException) when (head.Kind == RunKind.Export)
        {
            // The same request was sent twice at the same time.
        }

        return journal;
    }

    /// <summary>A new tag for the documents of one plan or entry.</summary>
    public static string NewTag() => Guid.NewGuid().ToString("N")[..16];

    /// <summary>Whether the run is in progress.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken) =>
        await _documents.ReadAsync(HeadName, cancellationToken) is not null;

    /// <summary>The request; null if the run is not in progress.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async Task<JournalHead?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        if (await _documents.ReadWithETagAsync(HeadName, JournalJson.Default.JournalHead, cancellationToken) is not var (head, etag))
            return null;
        _headETag = etag;
        return head.RunId == runId && head.Kind == kind ? head : throw OfAnother(HeadName);
    }

    /// <summary>Reads what the next slice needs: the last entry, the plan, and what the unfinished conversations left. Reads everything if
    /// only the publication is left, or if an earlier program wrote the last entry.</summary>
    /// <inheritdoc cref="LoadAsync(CancellationToken)"/>
    public async Task<RunState> ResumeAsync(CancellationToken cancellationToken)
    {
        JournalHead head = await ReadHeadAsync(cancellationToken) ?? throw _documents.Missing(HeadName);
        int next = Math.Max(0, head.Entries - 1);
        Checkpoint? last = null;
        for (; await ReadEntryAsync(next, cancellationToken) is { } entry; next++)
            last = entry;
        if (next < head.Entries)
            throw _documents.Missing(EntryName(next));
        if (last?.Resume is not { } point || await HasCommitAsync(cancellationToken))
            return await LoadAsync(head, cancellationToken);
        RunPlan plan = await ReadPlanAsync(cancellationToken) ?? throw _documents.Missing(PlanName);
        return point.Fits(plan.Packed.Count)
            ? await StateAsync(head, plan, [last], point, cancellationToken) with { IsWhole = false }
            : throw _documents.Damaged(EntryName(last.Number), "does not fit the plan");
    }

    /// <summary>Reads everything.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged; the message names the document.</exception>
    public async Task<RunState> LoadAsync(CancellationToken cancellationToken) => await LoadAsync(
        await ReadHeadAsync(cancellationToken) ?? throw _documents.Missing(HeadName), cancellationToken);

    private async Task<RunState> LoadAsync(JournalHead head, CancellationToken cancellationToken)
    {
        List<Checkpoint> checkpoints = [];
        RunPlan? plan = await ReadPlanAsync(cancellationToken);
        Dictionary<string, int> planned = Planned(plan);
        var keeper = new ResumePointKeeper(ResumePoint.Start(planned.Count), head);
        while (await ReadEntryAsync(checkpoints.Count, cancellationToken) is { } entry)
        {
            Checkpoint checkpoint = await WithDoneAsync(entry, head, cancellationToken);
            foreach (string name in EntriesNames(checkpoint))
            {
                await foreach (var (changes, place) in EntriesAsync(name, place: null, planned, cancellationToken))
                {
                    keeper.Begin(changes.ConversationId);
                    keeper.Save(changes.ConversationId, place);
                }
            }

            foreach (string id in _documents.Named(
                Name(checkpoint, "done"), () => checkpoint.Visits(head.Run).Select(v => v.Row.ConversationId).ToList()))
                keeper.Finish(id, planned[Known(Name(checkpoint, "done"), id, planned)]);
            keeper.Add(checkpoint, checkpoint.HasPaused ? await PausedAsync(PausedName(checkpoint), planned, cancellationToken) : []);
            if (checkpoint.Resume is { } point
                && (point.Sums != keeper.Point.Sums || !point.Finished.AsSpan().SequenceEqual(keeper.Point.Finished)))
                throw _documents.Damaged(EntryName(checkpoint.Number), "does not agree with the entries before it");
            checkpoints.Add(checkpoint);
        }

        return await StateAsync(head, plan, checkpoints, keeper.Point, cancellationToken) with
        {
            Commit = await ReadCommitAsync(cancellationToken),
        };
    }

    private async Task<RunState> StateAsync(
        JournalHead head, RunPlan? plan, IReadOnlyList<Checkpoint> checkpoints, ResumePoint point, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlyDictionary<UInt128, Change>> written = new(StringComparer.Ordinal);
        Dictionary<string, PausedConversation> paused = new(StringComparer.Ordinal);
        foreach (OpenConversation open in point.Open)
        {
            Dictionary<string, int> only = new() { [open.ConversationId] = 0 };
            Dictionary<UInt128, Change> rows = [];
            foreach (EntriesPlace place in open.Rows)
            {
                await foreach ((ConversationChanges changes, _) in EntriesAsync(place.Document, place, only, cancellationToken))
                {
                    foreach (MessageChange message in changes.Messages)
                        rows.Add(message.Key, message.Change);
                }
            }

            if (rows.Count > 0)
                written.Add(open.ConversationId, rows);
        }

        foreach (var document in point.Open.Where(o => o.Paused is not null).GroupBy(o => o.Paused!, o => o.ConversationId))
        {
            HashSet<string> ids = [.. document];
            foreach (PausedConversation left in await PausedAsync(document.Key, planned: null, cancellationToken))
            {
                if (ids.Contains(left.ConversationId))
                    paused[left.ConversationId] = left;
            }
        }

        return new RunState { Head = head, Plan = plan, Checkpoints = checkpoints, Point = point, Written = written, Paused = paused };
    }

    private async Task<Checkpoint> WithDoneAsync(Checkpoint entry, JournalHead head, CancellationToken cancellationToken)
    {
        string name = Name(entry, "done");
        PackedItems done = await _documents.ReadPackedAsync(name, cancellationToken);
        if (entry.DoneSha256 is { } hash && hash != HashOf(done))
            throw OfAnother(name);
        return entry with
        {
            Done = _documents.Named(
                name,
                () => done.Upgraded(
                    (reader, version) => JournalVisit.Read(reader, head.Run, version), static (v, writer) => v.Write(writer))),
        };
    }

    private async Task<Checkpoint?> ReadEntryAsync(int number, CancellationToken cancellationToken)
    {
        Checkpoint? entry = await _documents.ReadAsync(EntryName(number), JournalJson.Default.Checkpoint, cancellationToken);
        return entry is null
            || (entry.Number == number && AreOurs(entry.Files) && (entry.RunId is null || entry.RunId == runId))
                ? entry
                : throw OfAnother(EntryName(number));
    }

    /// <summary>Whether the run is ready to be published, even if that document is damaged.</summary>
    public async Task<bool> HasCommitAsync(CancellationToken cancellationToken) =>
        await _documents.ReadAsync(CommitName, cancellationToken) is not null;

    /// <summary>Null if the run is not being published.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async Task<JournalCommit?> ReadCommitAsync(CancellationToken cancellationToken)
    {
        JournalCommit? commit = await _documents.ReadAsync(CommitName, JournalJson.Default.JournalCommit, cancellationToken);
        if (commit is null)
            return null;
        try
        {
            return commit.ToManifest().RunId == runId && AreOurs(commit.Files) ? commit : throw OfAnother(CommitName);
        }
        catch (JsonException e)
        {
            throw _documents.Damaged(CommitName, "is damaged", e);
        }
    }

    /// <summary>Replaces the head that was read last.</summary>
    /// <exception cref="StoreConflictException">Another writer has replaced it since, or the run has ended.</exception>
    public async Task SaveHeadAsync(JournalHead head, CancellationToken cancellationToken) =>
        _headETag = await _documents.ReplaceAsync(HeadName, head, JournalJson.Default.JournalHead, _headETag, cancellationToken);

    /// <summary>Saves the plan. It exists once its JSON document does, which is written last.</summary>
    /// <exception cref="StoreConflictException">Another writer has saved one.</exception>
    public async Task SavePlanAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        await _documents.CreateAsync(PlannedNameOf(plan), plan.Packed.Document, cancellationToken);
        await _documents.CreateAsync(
            PlanName, plan with { RunId = runId, PackedSha256 = HashOf(plan.Packed) }, JournalJson.Default.RunPlan, cancellationToken);
    }

    /// <exception cref="StoreConflictException">Another writer has saved one.</exception>
    public Task SaveCommitAsync(JournalCommit commit, CancellationToken cancellationToken) =>
        _documents.CreateAsync(CommitName, commit, JournalJson.Default.JournalCommit, cancellationToken);

    /// <summary>Writes the entries of the open part, so that they need not wait in memory. They do not count before
    /// the entry is added.</summary>
    /// <param name="tag">Tag of the journal entry that will hold the part.</param>
    /// <param name="checkpoint">Number of that entry.</param>
    /// <param name="document">Number of such documents that the entry already has.</param>
    /// <returns>Name of the document.</returns>
    public async Task<string> SaveEntriesAsync(
        string? tag, int checkpoint, int document, PartEntries entries, CancellationToken cancellationToken)
    {
        string name = EntriesName(checkpoint, tag, document);
        await _documents.CreateAsync(name, entries.ToBytes(), cancellationToken);
        return name;
    }

    /// <summary>Adds an entry, whose rows are already written. It exists once its JSON document does, which is written last.</summary>
    /// <exception cref="StoreConflictException">Another writer has added an entry with this number.</exception>
    public async Task AddAsync(
        Checkpoint checkpoint, byte[] rejected, IReadOnlyCollection<PausedConversation> paused, CancellationToken cancellationToken)
    {
        if (checkpoint.RejectedCount > 0)
            await _documents.CreateAsync(Name(checkpoint, "rejected"), rejected, cancellationToken);
        if (checkpoint.HasPaused)
            await _documents.CreateAsync(Name(checkpoint, "paused"), PausedConversation.ToBytes(paused), cancellationToken);
        await _documents.CreateAsync(Name(checkpoint, "done"), checkpoint.Done.Document, cancellationToken);
        await _documents.CreateAsync(
            EntryName(checkpoint.Number), checkpoint with { RunId = runId, DoneSha256 = HashOf(checkpoint.Done) },
            JournalJson.Default.Checkpoint, cancellationToken);
    }

    /// <summary>Writes a document that belongs to an entry. It does not count before the entry is added.</summary>
    /// <param name="tag">Of the entry.</param>
    public Task SaveAsync(int checkpoint, string? tag, string kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _documents.CreateAsync(Name(checkpoint, tag, kind), content, cancellationToken);

    /// <summary>Adds an entry of the work on files.</summary>
    /// <param name="kind">Of its document; null for none.</param>
    /// <returns>The entry, with where the run stands after it.</returns>
    /// <inheritdoc cref="AddAsync(Checkpoint, byte[], IReadOnlyCollection{PausedConversation}, CancellationToken)"/>
    public async Task<Checkpoint> AddAsync(
        Checkpoint entry, ResumePointKeeper resume, string? kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        resume.Add(entry, []);
        entry = entry with { Resume = resume.Point };
        if (kind is not null)
            await SaveAsync(entry.Number, entry.Tag, kind, content, cancellationToken);
        await AddAsync(entry, rejected: [], paused: [], cancellationToken);
        return entry;
    }

    /// <exception cref="InvalidDataException">It is missing or damaged; the message names it.</exception>
    public async Task<T> ReadAsync<T>(
        Checkpoint checkpoint, string kind, Func<ReadOnlyMemory<byte>, T> decode, CancellationToken cancellationToken)
    {
        string name = Name(checkpoint, kind);
        ReadOnlyMemory<byte> content = await _documents.ReadAsync(name, cancellationToken) ?? throw _documents.Missing(name);
        return _documents.Named(name, () => decode(content));
    }

    /// <summary>The rows that the run wrote, in the ordinal order of conversation ids, each conversation in one or more pieces.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged.</exception>
    public IAsyncEnumerable<ConversationChanges> ChangesAsync(IReadOnlyList<Checkpoint> checkpoints, CancellationToken cancellationToken) =>
        PartEntriesReader.MergeAsync(
            [
                .. checkpoints.SelectMany(EntriesNames).Select(
                    name => EntriesAsync(name, place: null, planned: null, cancellationToken).Select(e => e.Changes)),
            ],
            cancellationToken);

    /// <summary>The lines for <c>_rejected</c>.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> RejectedAsync(
        RunState state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Plan is { RejectedCount: > 0 } plan)
            yield return plan.Rejected;
        Dictionary<string, int> planned = Planned(state.Plan);
        foreach (Checkpoint checkpoint in state.Checkpoints.Where(c => c.RejectedCount > 0))
        {
            string name = Name(checkpoint, "rejected");
            ReadOnlyMemory<byte> lines = await _documents.ReadAsync(name, cancellationToken) ?? throw _documents.Missing(name);
            IReadOnlyList<string> conversations = _documents.Named(name, () => RejectedRecord.ConversationsOf(lines));
            if (conversations.Count != checkpoint.RejectedCount)
                throw _documents.Damaged(name, "does not have as many lines as its entry says");
            foreach (string conversation in conversations)
                Known(name, conversation, planned);
            yield return lines;
        }
    }

    /// <summary>Withdraws what is visible of an export that is not committed, or of a run that an earlier program, without claims, left
    /// visible.</summary>
    public async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await store.ReadAsync(Manifest, cancellationToken) is not null)
                return;
            IEnumerable<RunFile> visible = await ReadCommitAsync(cancellationToken) is { } commit ? commit.Files
                // The parts from which other files are made become visible before these.
                : await ReadHeadAsync(cancellationToken) is { NeedsParts: true } ? (await LoadAsync(cancellationToken)).Files
                : [];
            foreach (RunFile file in visible.Where(f => !f.IsPresent))
                await store.WithdrawAsync(file.Staged, cancellationToken);
            if (kind == RunKind.Export)
                await store.DeleteAsync(CommittedRuns.SumsOf(runId), cancellationToken);
        }
        catch (InvalidDataException)
        {
            // Then `kapso-archive verify` finds what may be visible of it.
        }
    }

    /// <summary>Ends the run, whether it was published or abandoned: deletes its staged files and its journal. The journal goes last:
    /// without it nobody returns to this run, and unfinished work stays unfinished.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        await store.DiscardStageAsync(runId, cancellationToken);
        await store.DeleteAsync(_documents.Path(HeadName), cancellationToken);
        IAsyncEnumerable<StoredFile> rest = store.ListAsync(StoreArea.State, $"{FolderOf(kind)}{runId}/", cancellationToken);
        foreach (StoredFile file in await rest.ToListAsync(cancellationToken))
            await store.DeleteAsync(file.Path, cancellationToken);
    }

    /// <summary>The documents of each run, by its id.</summary>
    private static async Task<ILookup<string, StorePath>> DocumentsAsync(
        IStore store, RunKind kind, CancellationToken cancellationToken)
    {
        string folder = FolderOf(kind);
        List<StoredFile> files = await store.ListAsync(StoreArea.State, folder, cancellationToken).ToListAsync(cancellationToken);
        return files.Select(f => f.Path).Where(p => p.Name.AsSpan(folder.Length).Count('/') == 1)
            .ToLookup(p => p.Name[folder.Length..p.Name.LastIndexOf('/')], StringComparer.Ordinal);
    }

    private static string FolderOf(RunKind kind) => kind == RunKind.Export ? "export-journal/" : "journal/";

    private static IEnumerable<string> Ids(ILookup<string, StorePath> documents) =>
        documents.Where(HasHead).Select(d => d.Key).Order(StringComparer.Ordinal);

    private static bool HasHead(IEnumerable<StorePath> documents) =>
        documents.Any(p => p.Name.EndsWith("/" + HeadName, StringComparison.Ordinal));

    /// <summary>Whether this run staged the files.</summary>
    private bool AreOurs(IReadOnlyList<RunFile> files) => files.All(f => f.Staged.Stage == runId);

    private InvalidDataException OfAnother(string name) => _documents.Damaged(name, "belongs to another run");

    /// <summary>The conversations that the run reads, with their places: documents may name only these.</summary>
    private Dictionary<string, int> Planned(RunPlan? plan) => plan is null
        ? []
        : _documents.Named(
            PlannedNameOf(plan), () => plan.Conversations.ToDictionary(c => c.Id, c => c.Place, StringComparer.Ordinal));

    private string Known(string document, string conversationId, IReadOnlyDictionary<string, int>? planned) =>
        planned?.ContainsKey(conversationId) != false
            ? conversationId
            : throw _documents.Damaged(document, "names conversations that the run does not read");

    private async Task<IReadOnlyList<PausedConversation>> PausedAsync(
        string name, IReadOnlyDictionary<string, int>? planned, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes = await _documents.ReadAsync(name, cancellationToken) ?? throw _documents.Missing(name);
        IReadOnlyList<PausedConversation> paused = _documents.Named(name, () => PausedConversation.FromBytes(bytes));
        foreach (PausedConversation conversation in paused)
            Known(name, conversation.ConversationId, planned);
        return paused;
    }

    /// <param name="place">What to read of the document; null for all.</param>
    private async IAsyncEnumerable<(ConversationChanges Changes, EntriesPlace Place)> EntriesAsync(
        string name, EntriesPlace? place, IReadOnlyDictionary<string, int>? planned,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream stream = await _documents.OpenReadAsync(name, cancellationToken);
        await using IAsyncEnumerator<ConversationChanges> changes = PartEntriesReader.ReadAsync(stream, place, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        long start = place?.Start ?? PartEntries.Header.Length;
        while (await _documents.NamedAsync(name, () => changes.MoveNextAsync()))
        {
            Known(name, changes.Current.ConversationId, planned);
            yield return (changes.Current, new EntriesPlace(name, start, stream.Position - start));
            start = stream.Position;
        }
    }

    private async Task<RunPlan?> ReadPlanAsync(CancellationToken cancellationToken) =>
        await _documents.ReadAsync(PlanName, JournalJson.Default.RunPlan, cancellationToken) is { } plan
            ? Ours(plan) with { Packed = await ReadPlannedAsync(plan, cancellationToken) }
            : null;

    private async Task<PackedItems> ReadPlannedAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        PackedItems packed = await _documents.ReadPackedAsync(PlannedNameOf(plan), cancellationToken);
        if (plan.PackedSha256 is { } hash && hash != HashOf(packed))
            throw OfAnother(PlannedNameOf(plan));
        return _documents.Named(PlannedNameOf(plan), () => RunPlan.Upgraded(packed));
    }

    private static string HashOf(PackedItems packed) => Convert.ToHexStringLower(SHA256.HashData(packed.Document.Span));

    /// <summary>Checks that the plan belongs to this run. Plans of an earlier program do not record it.</summary>
    private RunPlan Ours(RunPlan plan) => plan.RunId is null || plan.RunId == runId ? plan : throw OfAnother(PlanName);

    private static string PlannedNameOf(RunPlan plan) => plan.Tag is null ? "plan.conversations" : $"plan.{plan.Tag}.conversations";

    /// <summary>Name of the document with an entry's paused conversations.</summary>
    public static string PausedName(Checkpoint checkpoint) => Name(checkpoint, "paused");

    private static string EntryName(int number) => Name(number, tag: null, "json");

    private static string Name(Checkpoint checkpoint, string kind) => Name(checkpoint.Number, checkpoint.Tag, kind);

    private static string Name(int number, string? tag, string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:D5}.{(tag is null ? "" : $"{tag}.")}{kind}");

    private static IEnumerable<string> EntriesNames(Checkpoint checkpoint) => Enumerable
        .Range(0, checkpoint.HasEntries ? 1 + checkpoint.MoreEntries : 0).Select(d => EntriesName(checkpoint.Number, checkpoint.Tag, d));

    private static string EntriesName(int checkpoint, string? tag, int document) =>
        Name(checkpoint, tag, document == 0 ? "entries" : string.Create(CultureInfo.InvariantCulture, $"{document:D4}.entries"));
}
