namespace KapsoArchive.Core.Delta;

/// <summary>What a table's commits say. They follow from the manifests and the parts' footers, so they can be written again, and
/// compared.</summary>
internal sealed class DeltaCommits(DeltaTable table, IStore store)
{
    /// <summary>The parts that a run adds to the table.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<IReadOnlyList<DeltaAdd>> AddsOfAsync(CommittedRun run, CancellationToken cancellationToken)
    {
        List<DeltaAdd> adds = [];
        foreach (ManifestFile part in run.Manifest.Files.Where(f => f.Dataset == table.Name))
            adds.Add(AddOf(run, part, await BoundsOfAsync(run, part, cancellationToken)));
        return adds;
    }

    /// <summary>The action for a part.</summary>
    /// <param name="bounds">Those of its footer; null if it is not there: then the manifest's are used.</param>
    public DeltaAdd AddOf(CommittedRun run, ManifestFile part, DeltaBounds? bounds) => new()
    {
        Path = part.Path[(table.Name.Length + 1)..],
        Size = part.Bytes,
        ModificationTime = run.Manifest.FinishedAt.ToUnixTimeMilliseconds(),
        DataChange = true,
        Stats = (bounds ?? BoundsIn(run, part)).ToStatistics(part.Rows),
        Tags = bounds is null ? new() { [DeltaAdd.FromManifest] = "true" } : null,
    };

    /// <summary>A run's commit.</summary>
    /// <param name="version">Of the table after this commit.</param>
    /// <param name="first">The metadata of version 0; null for version 0 itself.</param>
    /// <param name="schemaBefore">The schema version of the manifest before.</param>
    public IReadOnlyList<DeltaAction> Of(
        Manifest manifest, IEnumerable<DeltaAdd> adds, long version, DeltaMetaData? first, int? schemaBefore)
    {
        long finished = manifest.FinishedAt.ToUnixTimeMilliseconds();
        string schema = table.SchemaOf(manifest.SchemaVersion);
        List<DeltaAction> actions =
            [new() { CommitInfo = new DeltaCommitInfo { Timestamp = finished, UserMetadata = manifest.RunId } }];
        if (first is null)
        {
            actions.Add(new() { Protocol = new DeltaProtocol() });
            actions.Add(new()
            {
                MetaData = new DeltaMetaData
                {
                    Id = IdOf(manifest.RunId).ToString(),
                    Name = table.Name,
                    SchemaString = schema,
                    CreatedTime = finished,
                },
            });
        }
        else if (schemaBefore < manifest.SchemaVersion && table.SchemaOf(schemaBefore.Value) != schema)
        {
            actions.Add(new() { MetaData = first with { SchemaString = schema } });
        }

        actions.Add(new() { Txn = new DeltaTransaction { Version = version, LastUpdated = finished } });
        actions.AddRange(adds.Select(a => new DeltaAction { Add = a }));
        return actions;
    }

    /// <summary>The table's id follows from its first run, so that a log that is written again has the same.</summary>
    private Guid IdOf(string runId) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{table.Name}/{runId}")).AsSpan(0, 16), bigEndian: true);

    /// <summary>The bounds in a part's footer; null if the part is not there, or is damaged.</summary>
    public async Task<DeltaBounds?> BoundsOfAsync(CommittedRun run, ManifestFile part, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream? content =
                run.PathOf(part) is { } path ? await store.OpenReadAsync(path, cancellationToken) : null;
            return content is null ? null : await table.BoundsOfAsync(content, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or RefusedFileException)
        {
            return null;
        }
    }

    private static DeltaBounds BoundsIn(CommittedRun run, ManifestFile part)
    {
        RunStamp stamp = new(run.RunId, run.Manifest.StartedAt);
        byte[] id = Encoding.UTF8.GetBytes(run.RunId);
        var bounds = new DeltaBounds();
        bounds.Add("run_id", id, id);
        bounds.Add("archived_at", stamp.ArchivedAtMicros, stamp.ArchivedAtMicros);
        if (part is { MinCreatedAt: { } least, MaxCreatedAt: { } most })
            bounds.Add("created_at", Timestamp.ToMicros(least), Timestamp.ToMicros(most));
        return bounds;
    }
}
