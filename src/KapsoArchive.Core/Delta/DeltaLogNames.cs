namespace KapsoArchive.Core.Delta;

/// <summary>The files of a table's log.</summary>
/// <param name="Commits">The versions with a commit.</param>
/// <param name="Checkpoints">The versions with a checkpoint.</param>
internal sealed record DeltaLogNames(IReadOnlySet<long> Commits, IReadOnlySet<long> Checkpoints)
{
    private const string CommitEnd = ".json";
    private const string CheckpointEnd = ".checkpoint.parquet";

    /// <summary>The digits of a version in a name.</summary>
    private const int Digits = 20;

    /// <summary>The first version without a commit.</summary>
    public long FirstMissing
    {
        get
        {
            long version = 0;
            while (Commits.Contains(version))
                version++;
            return version;
        }
    }

    public static StorePath CommitOf(DeltaTable table, long version) => PathOf(table, version, CommitEnd);

    public static StorePath CheckpointOf(DeltaTable table, long version) => PathOf(table, version, CheckpointEnd);

    /// <exception cref="DamagedFileException">The folder is a link that leads out of the store.</exception>
    public static async Task<DeltaLogNames> ListAsync(IStore store, DeltaTable table, CancellationToken cancellationToken)
    {
        HashSet<long> commits = [];
        HashSet<long> checkpoints = [];
        try
        {
            await foreach (StoredFile file in store.ListAsync(StoreArea.Data, table.Log, cancellationToken))
            {
                string name = file.Path.Name[table.Log.Length..];
                if (VersionIn(name, CommitEnd) is { } commit)
                    commits.Add(commit);
                else if (VersionIn(name, CheckpointEnd) is { } checkpoint)
                    checkpoints.Add(checkpoint);
            }
        }
        catch (RefusedFileException e)
        {
            throw new DamagedFileException(table.Log.TrimEnd('/'), store.LocationOf(StoreArea.Data), [e.Problem]);
        }

        return new DeltaLogNames(commits, checkpoints);
    }

    private static StorePath PathOf(DeltaTable table, long version, string end) =>
        new(StoreArea.Data, string.Create(CultureInfo.InvariantCulture, $"{table.Log}{version:D20}{end}"));

    private static long? VersionIn(string name, string end) =>
        name.Length == Digits + end.Length && name.EndsWith(end, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? version
            : null;
}
