using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Journal;

/// <summary>
/// What a run has staged and learned so far: in <c>journal/RUN_ID/</c> of the state area, for an export in
/// <c>export-journal/EXPORT_ID/</c>. A run is in progress while its journal has a head; a finished run's journal is deleted, head first.
/// If a writer is paused and another takes over, neither overwrites documents of the other: documents that count are created once, and
/// refer to their companions by a tag that is unique to the writer.
/// </summary>
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
        Dictionary<string, List<StorePath>> documents = await DocumentsAsync(store, kind, cancellationToken);
        foreach (StorePath remnant in documents.Values.Where(d => !HasHead(d)).SelectMany(d => d))
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

    /// <exception cref="InvalidDataException">The journal is damaged; the message names the document.</exception>
    public async Task<RunState> LoadAsync(CancellationToken cancellationToken)
    {
        JournalHead head = await ReadHeadAsync(cancellationToken) ?? throw _documents.Missing(HeadName);
        List<Checkpoint> checkpoints = [];
        while (await _documents.ReadAsync(
            Name(checkpoints.Count, tag: null, "json"), JournalJson.Default.Checkpoint, cancellationToken) is { } checkpoint)
        {
            if (checkpoint.Number != checkpoints.Count || !AreOurs(checkpoint.Files)
                || (checkpoint.RunId is not null && checkpoint.RunId != runId))
                throw OfAnother(Name(checkpoints.Count, tag: null, "json"));
            PackedRecords done = await _documents.ReadPackedAsync(Name(checkpoint, "done"), checkpoint.InlineDone, cancellationToken);
            if (checkpoint.DoneSha256 is { } hash && hash != HashOf(done))
                throw OfAnother(Name(checkpoint, "done"));
            checkpoints.Add(checkpoint with
            {
                Done = _documents.Named(
                    Name(checkpoint, "done"),
                    () => done.Upgraded(
                        (reader, version) => JournalVisit.Read(reader, head.Run, version), static (v, writer) => v.Write(writer))),
                InlineDone = null,
            });
        }

        RunPlan? plan = await ReadPlanAsync(cancellationToken);
        IReadOnlySet<string>? planned = Planned(plan);
        HashSet<string> finished = new(StringComparer.Ordinal);
        foreach (Checkpoint checkpoint in checkpoints)
        {
            string name = Name(checkpoint, "done");
            finished.UnionWith(_documents.Named(
                name,
                () => checkpoint.Done.Read(r => JournalVisit.Read(r, head.Run))
                    .Select(d => Known(name, d.Row.ConversationId, planned))
                    .ToList()));
        }

        return new RunState
        {
            Head = head,
            Plan = plan,
            Commit = await ReadCommitAsync(cancellationToken),
            Checkpoints = checkpoints,
            Written = await WrittenAsync(checkpoints, finished, planned, cancellationToken),
            Paused = await PausedAsync(checkpoints, finished, planned, cancellationToken),
        };
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
            return Lake.Manifest.FromJson(commit.Manifest).RunId == runId && AreOurs(commit.Files) ? commit : throw OfAnother(CommitName);
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
    /// <see cref="AddAsync"/>.</summary>
    /// <param name="tag">Tag of the journal entry that will hold the part.</param>
    /// <param name="checkpoint">Number of that entry.</param>
    /// <param name="document">Number of such documents that the entry already has.</param>
    public Task SaveEntriesAsync(string? tag, int checkpoint, int document, PartEntries entries, CancellationToken cancellationToken) =>
        _documents.CreateAsync(EntriesName(checkpoint, tag, document), entries.ToBytes(), cancellationToken);

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
            Name(checkpoint.Number, tag: null, "json"), checkpoint with { RunId = runId, DoneSha256 = HashOf(checkpoint.Done) },
            JournalJson.Default.Checkpoint, cancellationToken);
    }

    /// <summary>The rows that the run wrote, in the ordinal order of conversation ids, each conversation in one or more pieces.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged.</exception>
    public IAsyncEnumerable<ConversationChanges> ChangesAsync(IReadOnlyList<Checkpoint> checkpoints, CancellationToken cancellationToken) =>
        ChangesAsync(checkpoints, planned: null, cancellationToken);

    private IAsyncEnumerable<ConversationChanges> ChangesAsync(
        IReadOnlyList<Checkpoint> checkpoints, IReadOnlySet<string>? planned, CancellationToken cancellationToken) =>
        PartEntriesReader.MergeAsync(
            [
                .. checkpoints.Where(c => c.HasEntries).SelectMany(
                    c => Enumerable.Range(0, 1 + c.MoreEntries),
                    (c, document) => EntriesAsync(EntriesName(c.Number, c.Tag, document), planned, cancellationToken)),
            ],
            cancellationToken);

    /// <summary>The lines for <c>_rejected</c>.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> RejectedAsync(
        RunState state, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Plan is { RejectedCount: > 0 } plan)
            yield return plan.Rejected;
        IReadOnlySet<string>? planned = Planned(state.Plan);
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

    /// <summary>Ends the run, whether it was published or abandoned.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        await store.DeleteAsync(_documents.Path(HeadName), cancellationToken);
        List<StorePath> rest = [];
        await foreach (StoredFile file in store.ListAsync(StoreArea.State, $"{FolderOf(kind)}{runId}/", cancellationToken))
            rest.Add(file.Path);
        foreach (StorePath path in rest)
            await store.DeleteAsync(path, cancellationToken);
    }

    private static async Task<Dictionary<string, List<StorePath>>> DocumentsAsync(
        IStore store, RunKind kind, CancellationToken cancellationToken)
    {
        string folder = FolderOf(kind);
        Dictionary<string, List<StorePath>> documents = new(StringComparer.Ordinal);
        await foreach (StoredFile file in store.ListAsync(StoreArea.State, folder, cancellationToken))
        {
            if (file.Path.Name[folder.Length..].Split('/') is not [var run, _])
                continue;
            if (!documents.TryGetValue(run, out List<StorePath>? ofRun))
                documents.Add(run, ofRun = []);
            ofRun.Add(file.Path);
        }

        return documents;
    }

    private static string FolderOf(RunKind kind) => kind == RunKind.Export ? "export-journal/" : "journal/";

    private static IEnumerable<string> Ids(Dictionary<string, List<StorePath>> documents) =>
        documents.Where(d => HasHead(d.Value)).Select(d => d.Key).Order(StringComparer.Ordinal);

    private static bool HasHead(List<StorePath> documents) =>
        documents.Exists(p => p.Name.EndsWith("/" + HeadName, StringComparison.Ordinal));

    /// <summary>Whether this run staged the files.</summary>
    private bool AreOurs(IReadOnlyList<RunFile> files) => files.All(f => f.Staged.Stage == runId);

    private InvalidDataException OfAnother(string name) => _documents.Damaged(name, "belongs to another run");

    /// <summary>The conversations that the run reads: documents may name only these.</summary>
    private HashSet<string>? Planned(RunPlan? plan) => plan is null
        ? null
        : _documents.Named(PlannedNameOf(plan), () => plan.Conversations.Select(c => c.Id).ToHashSet(StringComparer.Ordinal));

    private string Known(string document, string conversationId, IReadOnlySet<string>? planned) =>
        planned?.Contains(conversationId) != false
            ? conversationId
            : throw _documents.Damaged(document, "speaks of conversations that the run does not read");

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<UInt128, Change>>> WrittenAsync(
        IReadOnlyList<Checkpoint> checkpoints, HashSet<string> done, IReadOnlySet<string>? planned, CancellationToken cancellationToken)
    {
        Dictionary<string, Dictionary<UInt128, Change>> written = new(StringComparer.Ordinal);
        await foreach (ConversationChanges changes in ChangesAsync(checkpoints, planned, cancellationToken))
        {
            if (done.Contains(changes.ConversationId))
                continue;
            if (!written.TryGetValue(changes.ConversationId, out Dictionary<UInt128, Change>? ofConversation))
                written.Add(changes.ConversationId, ofConversation = []);
            foreach (MessageChange message in changes.Messages)
                ofConversation.Add(message.Key, message.Change);
        }

        return written.ToDictionary(w => w.Key, w => (IReadOnlyDictionary<UInt128, Change>)w.Value, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyDictionary<string, PausedConversation>> PausedAsync(
        IReadOnlyList<Checkpoint> checkpoints, HashSet<string> done, IReadOnlySet<string>? planned, CancellationToken cancellationToken)
    {
        Dictionary<string, PausedConversation> paused = new(StringComparer.Ordinal);
        foreach (Checkpoint checkpoint in checkpoints.Where(c => c.HasPaused))
        {
            string name = Name(checkpoint, "paused");
            ReadOnlyMemory<byte> bytes = await _documents.ReadAsync(name, cancellationToken) ?? throw _documents.Missing(name);
            foreach (PausedConversation conversation in _documents.Named(name, () => PausedConversation.FromBytes(bytes)))
            {
                Known(name, conversation.ConversationId, planned);
                if (!done.Contains(conversation.ConversationId))
                    paused[conversation.ConversationId] = conversation;
            }
        }

        return paused;
    }

    private async IAsyncEnumerable<ConversationChanges> EntriesAsync(
        string name, IReadOnlySet<string>? planned,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream stream = await _documents.OpenReadAsync(name, cancellationToken);
        await using IAsyncEnumerator<ConversationChanges> changes = PartEntriesReader.ReadAsync(stream, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await _documents.NamedAsync(name, () => changes.MoveNextAsync()))
        {
            Known(name, changes.Current.ConversationId, planned);
            yield return changes.Current;
        }
    }

    private async Task<RunPlan?> ReadPlanAsync(CancellationToken cancellationToken) =>
        await _documents.ReadAsync(PlanName, JournalJson.Default.RunPlan, cancellationToken) is { } plan
            ? Ours(plan) with { Packed = await ReadPlannedAsync(plan, cancellationToken), InlinePacked = null }
            : null;

    private async Task<PackedRecords> ReadPlannedAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        PackedRecords packed = await _documents.ReadPackedAsync(PlannedNameOf(plan), plan.InlinePacked, cancellationToken);
        if (plan.PackedSha256 is { } hash && hash != HashOf(packed))
            throw OfAnother(PlannedNameOf(plan));
        return _documents.Named(PlannedNameOf(plan), () => RunPlan.Upgraded(packed));
    }

    private static string HashOf(PackedRecords packed) => Convert.ToHexStringLower(SHA256.HashData(packed.Document.Span));

    /// <summary>Checks that the plan belongs to this run. Plans of an earlier program do not record it.</summary>
    private RunPlan Ours(RunPlan plan) => plan.RunId is null || plan.RunId == runId ? plan : throw OfAnother(PlanName);

    private static string PlannedNameOf(RunPlan plan) => plan.Tag is null ? "plan.conversations" : $"plan.{plan.Tag}.conversations";

    private static string Name(Checkpoint checkpoint, string kind) => Name(checkpoint.Number, checkpoint.Tag, kind);

    private static string Name(int number, string? tag, string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:D5}.{(tag is null ? "" : $"{tag}.")}{kind}");

    private static string EntriesName(int checkpoint, string? tag, int document) =>
        Name(checkpoint, tag, document == 0 ? "entries" : string.Create(CultureInfo.InvariantCulture, $"{document:D4}.entries"));
}
