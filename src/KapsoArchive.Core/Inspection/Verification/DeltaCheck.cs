using System.Text.Json.Nodes;
using KapsoArchive.Core.Delta;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Compares the logs of the Delta tables with the manifests and the parts, by what they say. A log that says anything else shows
/// readers another archive.</summary>
/// <param name="manifests">All of them, oldest first.</param>
/// <param name="unfinished">Runs whose publication is not finished: their commits may be missing.</param>
/// <param name="missing">Runs whose manifest is missing.</param>
internal sealed class DeltaCheck(
    IStore store, IReadOnlyList<StoredManifest> manifests, IReadOnlyCollection<string> unfinished, IReadOnlySet<string> missing,
    VerificationNotes notes)
{
    private const string Action =
        "Restore it from a backup, or delete it: the next run writes it again. Until then, read the views instead of the Delta table.";

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>The files that belong to the logs.</summary>
    public IReadOnlySet<string> Known => _known;

    /// <summary>Whether a finding at this path is about a log.</summary>
    public static bool IsOfLog(string path) => DeltaTable.All.Any(t => path.StartsWith(t.Log.TrimEnd('/'), StringComparison.Ordinal));

    /// <param name="readsLogs">Whether to read the logs, and not only to list their files.</param>
    public async Task CheckAsync(bool readsLogs, CancellationToken cancellationToken)
    {
        foreach (DeltaTable table in DeltaTable.All)
        {
            try
            {
                DeltaLogNames names = await DeltaLogNames.ListAsync(store, table, cancellationToken);
                if (!readsLogs)
                    Add(table, names);
                else if (names.Commits.Count > 0 || Due().Any())
                    await CheckAsync(table, names, cancellationToken);
                else if (manifests.Count > 0)
                    notes.Remark($"The Delta table {table.Name} does not exist yet: the next run makes it.");
            }
            catch (DamagedFileException e)
            {
                notes.Find(e.Path, e.Problem, Action);
            }
        }
    }

    private void Add(DeltaTable table, DeltaLogNames names)
    {
        _known.UnionWith(names.Commits.Select(v => DeltaLogNames.CommitOf(table, v).Name));
        _known.UnionWith(names.Checkpoints.Select(v => DeltaLogNames.CheckpointOf(table, v).Name));
    }

    private async Task CheckAsync(DeltaTable table, DeltaLogNames names, CancellationToken cancellationToken)
    {
        int before = notes.Findings.Count;
        List<IReadOnlyList<DeltaAction>> commits = [];
        HashSet<string> runs = new(StringComparer.Ordinal);
        string last = "";
        for (long version = 0; version <= names.Commits.DefaultIfEmpty(-1).Max(); version++)
        {
            _known.Add(DeltaLogNames.CommitOf(table, version).Name);
            IReadOnlyList<DeltaAction>? commit = await ReadAsync(table, version, cancellationToken);
            commits.Add(commit ?? []);
            if (commit is null || DeltaLog.RunIn(commit) is not { } run)
                continue;
            runs.Add(run);
            if (await ProblemAsync(table, commits, run, last, cancellationToken) is { } problem)
                Find(table, version, problem);
            last = string.CompareOrdinal(run, last) > 0 ? run : last;
        }

        long next = commits.Count;
        foreach (StoredManifest lacking in Due().Where(m => !runs.Contains(m.RunId) && m.WhatIsWrong is null))
        {
            if (string.CompareOrdinal(lacking.RunId, last) > 0)
                Find(table, next++, $"is missing: the commit of run {lacking.RunId}");
            else
                notes.Find(table.Log.TrimEnd('/'), $"has no commit of run {lacking.RunId}", Action);
        }

        bool isSound = notes.Findings.Count == before;
        foreach (long version in DeltaLog.Versions(commits.Count - 1))
            await CheckCheckpointAsync(table, version, isSound ? commits : null, cancellationToken);
    }

    /// <summary>The runs that must have a commit in every table: those up to the last one that a program with Delta tables
    /// published.</summary>
    private IEnumerable<StoredManifest> Due() => manifests.Reverse()
        .SkipWhile(m => m.Manifest?.TableFormat != Manifest.Delta || unfinished.Contains(m.RunId)).Reverse();

    private async Task<IReadOnlyList<DeltaAction>?> ReadAsync(DeltaTable table, long version, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<DeltaAction> commit =
                await new DeltaLog(store, table).ReadAsync(version, cancellationToken, strictly: true);
            if (DeltaLog.RunIn(commit) is null)
                Find(table, version, "names no run: this program has not written it");
            return commit;
        }
        catch (DamagedFileException e)
        {
            Find(table, version, e.Problem);
            return null;
        }
    }

    /// <param name="commits">Those up to this one.</param>
    /// <param name="last">The latest run of the commits before.</param>
    /// <returns>What is wrong with the last commit, as the predicate of a sentence; null if nothing is.</returns>
    private async Task<string?> ProblemAsync(
        DeltaTable table, List<IReadOnlyList<DeltaAction>> commits, string run, string last, CancellationToken cancellationToken)
    {
        StoredManifest? stored = manifests.FirstOrDefault(m => m.RunId == run);
        if (stored is null)
            return missing.Contains(run) ? null : $"is the commit of run {run}, which has no manifest";
        if (string.CompareOrdinal(run, last) <= 0)
            return $"is the commit of run {run}, but stands after that of run {last}";
        if (stored.WhatIsWrong is not null)
            return null;
        StoredManifest? before = manifests.TakeWhile(m => m.RunId != run).LastOrDefault();
        var expected = new DeltaCommits(table, store);
        IReadOnlyList<DeltaAction> commit = commits[^1];
        (List<DeltaAdd> adds, HashSet<string> gone) = await AddsAsync(expected, stored, table, commit, cancellationToken);
        DeltaMetaData? first = commits.Count == 1 ? null : commits[0].Select(a => a.MetaData).FirstOrDefault(m => m is not null);
        IReadOnlyList<DeltaAction> right =
            expected.Of(stored.Manifest!, adds, commits.Count - 1, first, before?.Manifest?.SchemaVersion);
        return Same(right.Select(a => Meaning(a)), commit.Select(a => Meaning(a, gone)))
            ? null
            : $"does not say what the manifest and the parts of run {run} say";
    }

    /// <summary>The actions for a run's parts, and the paths of parts that are gone.</summary>
    private async Task<(List<DeltaAdd> Adds, HashSet<string> Gone)> AddsAsync(
        DeltaCommits expected, StoredManifest stored, DeltaTable table, IReadOnlyList<DeltaAction> commit,
        CancellationToken cancellationToken)
    {
        var run = new CommittedRun(store, stored.RunId, stored.Manifest!);
        List<DeltaAdd> adds = [];
        HashSet<string> gone = new(StringComparer.Ordinal);
        foreach (ManifestFile part in stored.Manifest!.Files.Where(f => f.Dataset == table.Name))
        {
            DeltaAdd fromManifest = expected.AddOf(run, part, bounds: null);
            bool saysSo = commit.Any(a => a.Add is { Tags: not null } add && add.Path == fromManifest.Path);
            DeltaBounds? bounds = saysSo ? null : await expected.BoundsOfAsync(run, part, cancellationToken);
            adds.Add(bounds is null ? fromManifest : expected.AddOf(run, part, bounds));
            if (!saysSo && bounds is null)
                gone.Add(fromManifest.Path);
        }

        return (adds, gone);
    }

    private async Task CheckCheckpointAsync(
        DeltaTable table, long version, IReadOnlyList<IReadOnlyList<DeltaAction>>? commits, CancellationToken cancellationToken)
    {
        StorePath path = DeltaLogNames.CheckpointOf(table, version);
        _known.Add(path.Name);
        if (commits is null)
            return;
        try
        {
            if (await store.ReadAsync(path, cancellationToken) is not { } document)
            {
                if (unfinished.Count == 0)
                    notes.Find(path.Name, "is missing", Action);
                return;
            }

            IReadOnlyList<DeltaCheckpointRow> rows = await DeltaCheckpoint.FromBytesAsync(document.Content, cancellationToken);
            IReadOnlyList<DeltaCheckpointRow> right = DeltaCheckpoint.Of(commits.Take((int)version + 1).SelectMany(c => c));
            if (!Same(right.Select(Meaning), rows.Select(Meaning)))
                notes.Find(path.Name, "does not say what the commits up to it say", Action);
        }
        catch (Exception e) when (e is InvalidDataException or RefusedFileException)
        {
            notes.Find(path.Name, (e as RefusedFileException)?.Problem ?? $"cannot be read: {e.Message}", Action);
        }
    }

    private static bool Same(IEnumerable<JsonNode> one, IEnumerable<JsonNode> other) =>
        Sorted(one).SequenceEqual(Sorted(other), StringComparer.Ordinal);

    private static IEnumerable<string> Sorted(IEnumerable<JsonNode> nodes) =>
        nodes.Select(n => Ordered(n)!.ToJsonString()).Order(StringComparer.Ordinal);

    /// <summary>The same value with the members of objects in order.</summary>
    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(
            members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Ordered(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Ordered)]),
        _ => node?.DeepClone(),
    };

    private static JsonNode Meaning(DeltaCheckpointRow row) => Meaning(
        new DeltaAction { Protocol = row.Protocol, MetaData = row.MetaData, Txn = row.Txn, Add = row.Add });

    /// <summary>An action, with the JSON in its texts as JSON.</summary>
    /// <param name="gone">Paths of parts that are gone: only those bounds count that a manifest has.</param>
    private static JsonNode Meaning(DeltaAction action, HashSet<string>? gone = null)
    {
        JsonNode node = action.ToNode();
        if (action.Add is { } add && Parse(add.Stats) is { } stats)
        {
            foreach (string bounds in gone?.Contains(add.Path) == true ? (string[])["minValues", "maxValues"] : [])
            {
                foreach (string column in (string[])["conversation_id", "updated_at"])
                    (stats[bounds] as JsonObject)?.Remove(column);
            }

            node["add"]!["stats"] = stats;
            if (gone?.Contains(add.Path) == true)
                node["add"]!["tags"] = new JsonObject { [DeltaAdd.FromManifest] = "true" };
        }

        if (action.MetaData is { } metaData && Parse(metaData.SchemaString) is { } schema)
            node["metaData"]!["schemaString"] = schema;
        return node;
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null; // It is compared as text, and differs.
        }
    }

    private void Find(DeltaTable table, long version, string problem) =>
        notes.Find(DeltaLogNames.CommitOf(table, version).Name, problem, Action);
}
