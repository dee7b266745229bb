namespace KapsoArchive.Core.Storage;

/// <summary>A file's path in a store. A valid name means the same in a folder on any system and in a blob container: segments separated by
/// '/', not empty, not starting or ending with a dot ('.', '..', hidden files), not ending with a space, without control characters and
/// without <c>\ : * ? " &lt; &gt; |</c>; at most 512 characters and 200 UTF-8 bytes per segment.</summary>
public sealed record StorePath
{
    /// <summary>The folder of the state area beside the data files of a folder store.</summary>
    internal const string StateFolder = "_state";

    /// <summary>The folder of the exports area beside the data files of a folder store.</summary>
    internal const string ExportsFolder = "exports";

    /// <summary>The folder of the state area for a folder store's invisible files.</summary>
    internal const string StagingFolder = "staging";

    /// <summary>The folder of the data area that every archive has from its first run.</summary>
    internal const string ManifestsFolder = "_manifests";

    private const int MaxLength = 512;
    private const int MaxSegmentBytes = 200;

    /// <exception cref="ArgumentException">The name is not valid in every store; the message says why.</exception>
    public StorePath(StoreArea area, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Objection(area, name) is { } objection)
            throw Refused(name, objection);
        Area = area;
        Name = name;
    }

    public StoreArea Area { get; }

    /// <summary>The name within the area, for example <c>messages/snapshot_date=2026-11-22/part.parquet</c>.</summary>
    public string Name { get; }

    public override string ToString() => $"{Name} ({Area})";

    /// <summary>Returns the path, or null if the name is not valid: the file is not ours then.</summary>
    internal static StorePath? TryCreate(StoreArea area, string name) =>
        Objection(area, name) is null ? new StorePath(area, name) : null;

    /// <summary>The folder that contains all names with the prefix; null for the whole area.</summary>
    internal static StorePath? FolderOf(StoreArea area, string prefix) =>
        prefix.LastIndexOf('/') is >= 0 and int slash ? new StorePath(area, prefix[..slash]) : null;

    /// <summary>Refuses to delete from the append-only area.</summary>
    internal static void CheckDeletable(StorePath path)
    {
        if (path.Area == StoreArea.Data)
            throw new ArgumentException($"{path} cannot be deleted: the data area only grows.", nameof(path));
    }

    /// <summary>Refuses a path for a lock that would be taken for content, or that a policy would protect from changes.</summary>
    internal static void CheckLockable(StorePath path)
    {
        if (path.Area != StoreArea.State)
            throw new ArgumentException($"{path} cannot be a lock: locks lie in the state area.", nameof(path));
    }

    /// <summary>Refuses text that is not valid as one segment of a name.</summary>
    internal static void CheckSegment(string segment)
    {
        if (Objection(segment) is { } objection)
            throw Refused(segment, objection);
    }

    private static string? Objection(StoreArea area, string name)
    {
        if (name.Length > MaxLength)
            return $"it is longer than {MaxLength} characters";
        string[] segments = name.Split('/');
        bool isReserved = area switch
        {
            StoreArea.Data => segments[0] is StateFolder or ExportsFolder,
            StoreArea.State => segments[0] is StagingFolder,
            _ => false,
        };
        return isReserved
            ? $"'{segments[0]}' is reserved in the area {area}"
            : segments.Select(Objection).FirstOrDefault(o => o is not null);
    }

    private static string? Objection(string segment)
    {
        if (segment.Length == 0)
            return "it has an empty segment, or starts or ends with '/'";
        if (segment[0] == '.' || segment[^1] is '.' or ' ')
            return "a segment starts with a dot, or ends with a dot or a space";
        if (segment.Any(c => char.IsControl(c) || @"/\:*?""<>|".Contains(c)))
            return "a segment has a control character or one of / \\ : * ? \" < > |";
        if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
            return $"a segment is longer than {MaxSegmentBytes} bytes";
        return null;
    }

    private static ArgumentException Refused(string name, string objection) =>
        new($"'{name}' cannot be a name in a store: {objection}.", nameof(name));
}
