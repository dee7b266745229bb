namespace KapsoArchive.Core.Lake;

/// <summary>The list of a run's files, with counts and hashes. Its presence is the commit.</summary>
public sealed record Manifest
{
    /// <summary>The status of a manifest that commits nothing: it closes a run that cannot be finished.</summary>
    internal const string Closed = "Failed";

    internal const string Delta = "delta";

    public int SchemaVersion { get; init; } = Datasets.SchemaVersion;

    public required string RunId { get; init; }

    /// <summary><c>archive</c> or <c>export</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What started the run: <c>cli</c>, <c>timer</c>, <c>http</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary><c>Succeeded</c>; <c>PartiallySucceeded</c> if a conversation is incomplete or failed, or the list of conversations is not
    /// proved complete; <c>Failed</c> if the run could not be published: it then has no files and does not count.</summary>
    public required string Status { get; init; }

    /// <summary>The start of the run, by the clocks that agree (<c>PresentTime</c>).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    public required ManifestSource Source { get; init; }

    public required ManifestRequest Request { get; init; }

    /// <summary>Of an export: up to when it speaks, and where its messages come from. Null for an archive run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ManifestProvenance>? Provenance { get; init; }

    /// <summary>How the list of conversations was read; null if it was not requested, and in manifests of schema versions 1 and
    /// 2.</summary>
    public ManifestDiscovery? Discovery { get; init; }

    public required ManifestTotals Totals { get; init; }

    public required IReadOnlyList<ManifestFile> Files { get; init; }

    public required IReadOnlyList<ManifestIncomplete> Incomplete { get; init; }

    /// <summary>What needs attention although the run ended well, such as a wrong clock; null without warnings.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The committed run before this one; null for the first.</summary>
    public ManifestPrevious? Previous { get; init; }

    /// <summary>For a failed run: the files that it was to publish. Some may be visible, but they do not count. Null for every other
    /// run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ManifestFile>? Abandoned { get; init; }

    /// <summary><c>delta</c> if the run has a commit in the log of each Delta table. Null in manifests of an earlier program, whose commits
    /// came later, and of exports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TableFormat { get; init; }

    /// <summary>Whether it is that of an export.</summary>
    [JsonIgnore] public bool IsExport => Kind == "export";

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LakeJson.Default.Manifest);

    /// <exception cref="JsonException">The document is not a manifest.</exception>
    public static Manifest FromJson(ReadOnlySpan<byte> json)
    {
        Manifest manifest = JsonSerializer.Deserialize(json, LakeJson.Default.Manifest)
            ?? throw new JsonException("The manifest is the JSON value null.");
        return manifest.Files is { } files && files.All(f => f is { Path: not null, Dataset: not null, Format: not null, Sha256: not null })
            ? manifest
            : throw new JsonException("The manifest has no list of files, or one of them has no path, dataset, format or hash.");
    }
}

public sealed record ManifestSource(string BaseUrl, string Endpoint);

/// <param name="Conversations"><c>all</c> or <c>listed</c>. The conversations dataset names each conversation that was read.</param>
/// <param name="Full">Whether every conversation was to be read completely, regardless of the index.</param>
/// <param name="ActiveSince">The time filter sent to the source: conversations active since then. Null if all conversations or no list was
/// requested.</param>
/// <param name="WholeList">Whether the complete list of conversations was requested.</param>
public sealed record ManifestRequest(
    string Conversations, IReadOnlyList<string> Formats, bool Full, DateTimeOffset? ActiveSince, bool WholeList)
{
    /// <summary>Whether all conversations were requested.</summary>
    [JsonIgnore] public bool IsAll => Conversations == "all";

    /// <summary>For an export: <c>archive</c> if it was made from the archive, without a request to the source; <c>both</c> if from both;
    /// otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>For an export: <c>all</c> if it has every archived version and removed messages; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Versions { get; init; }

    /// <summary>For an export: the contact, as the request named it; null for any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Contact { get; init; }

    /// <summary>For an export: the directions of its messages; null for any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Directions { get; init; }

    /// <summary>For an export: the types of its messages; null for any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>For an export: true if a zip of its files was requested; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Zip { get; init; }

    /// <summary>For an export: <c>none</c> if the files behind its messages were left out; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Media { get; init; }

    /// <summary>For an export: messages created at this time or later; null for no lower limit.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>For an export: messages created before this time; null for no upper limit.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <param name="Complete">Whether the list was read to a proven end, until another reading brought nothing new.</param>
/// <param name="Reason">Why the list is not proved complete, or what is odd about a complete one; null without remarks.</param>
/// <param name="Listed">The number of conversations in the list.</param>
/// <param name="Reported">The source's count; null if absent.</param>
public sealed record ManifestDiscovery(bool Complete, string? Reason, long Listed, long? Reported)
{
    /// <summary>The next run finds later activity: <c>started_at</c>, or earlier if the clocks disagree. Null in older manifests, which
    /// imply <c>started_at</c>.</summary>
    public DateTimeOffset? AsOf { get; init; }
}

public sealed record ManifestTotals(
    ConversationTotals Conversations, RowTotals Rows, SweepTotals Sweeps, long Requests, long Retries, long Throttled, long Bytes)
{
    /// <summary>Null in a manifest of an earlier version.</summary>
    public ValueTotals? Values { get; init; }

    /// <summary>The files behind the messages; null if the run was to fetch none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MediaTotals? Media { get; init; }
}

/// <summary>Attempts of the run to fetch files, by their outcome.</summary>
/// <param name="Waiting">The files that could not be fetched yet.</param>
/// <param name="Bytes">The size of the stored files, each counted once.</param>
/// <param name="Untried">Other files that wait: the run had no time for them, or their pause is not over.</param>
public sealed record MediaTotals(
    long Stored, long Waiting, long Gone, long TooLarge, long Refused, long Failed, long Bytes, long Untried)
{
    /// <summary>How many files the archive still lacks and tries again.</summary>
    [JsonIgnore]
    public long Due => Waiting + Untried;
}

/// <param name="Unfit">Values of the written messages that their columns cannot hold. They are in <c>extra</c>.</param>
/// <param name="Repaired">Written messages whose text strict JSON readers refuse. It was repaired.</param>
/// <param name="LeftOut">For an export of a period: messages that were read but omitted because their time is absent or unreadable.</param>
public sealed record ValueTotals(long Unfit, long Repaired, long LeftOut);

public sealed record ConversationTotals(long Complete, long Incomplete, long Gone, long Failed);

/// <param name="Head">Conversations of which only the newest messages were read, as far as the index and the source's count prove the
/// rest.</param>
/// <param name="Full">Conversations that were read completely.</param>
/// <param name="Due">Of these, the ones that were due for a full sweep.</param>
/// <param name="DuePages">The pages read for the due ones.</param>
public sealed record SweepTotals(long Head, long Full, long Due, long DuePages);

public sealed record RowTotals(long Added, long Changed, long Removed, long Rejected);

/// <param name="Path">Relative to the data area or to the export's folder.</param>
/// <param name="MinCreatedAt">Null if every row lacks it.</param>
public sealed record ManifestFile(
    string Path, string Dataset, string Format, long Rows, long Bytes, string Sha256, DateTimeOffset? MinCreatedAt,
    DateTimeOffset? MaxCreatedAt);

/// <param name="ReportedCount">The source's count on the last page read; null if absent.</param>
public sealed record ManifestIncomplete(
    string ConversationId, string Outcome, string? Reason, long? ReportedCount, long DistinctCount, long Pages, long Sweeps);

public sealed record ManifestPrevious(string RunId, string ManifestSha256);

/// <summary>A pointer to the newest committed run.</summary>
public sealed record LatestPointer(string RunId, string Manifest, string Sha256, DateTimeOffset FinishedAt)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LakeJson.Default.LatestPointer);

    public static LatestPointer FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, LakeJson.Default.LatestPointer) ?? throw new JsonException("The pointer is the JSON value null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(LatestPointer))]
internal sealed partial class LakeJson : JsonSerializerContext;
