using System.Text.Json;
using System.Text.Json.Serialization;

namespace KapsoArchive.Core.Lake;

/// <summary>The list of a run's files, with counts and hashes. That it exists is the commit.</summary>
public sealed record Manifest
{
    /// <summary>The status of a manifest that commits nothing: it closes a run that cannot be finished.</summary>
    internal const string Closed = "Failed";

    public int SchemaVersion { get; init; } = Datasets.SchemaVersion;

    public required string RunId { get; init; }

    /// <summary><c>archive</c> or <c>export</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What started the run: <c>cli</c>, <c>timer</c>, <c>http</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary><c>Succeeded</c>; <c>PartiallySucceeded</c> if a conversation is incomplete or failed, or the list of conversations was
    /// not shown to be whole; <c>Failed</c> if the run could not be published: it has no files, and nothing of it counts.</summary>
    public required string Status { get; init; }

    /// <summary>When the run began, by the clocks that agree (<c>PresentTime</c>).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    public required ManifestSource Source { get; init; }

    public required ManifestRequest Request { get; init; }

    /// <summary>How the list of conversations was read; null if it was not asked for, and in manifests of schema versions 1 and
    /// 2.</summary>
    public ManifestDiscovery? Discovery { get; init; }

    public required ManifestTotals Totals { get; init; }

    public required IReadOnlyList<ManifestFile> Files { get; init; }

    public required IReadOnlyList<ManifestIncomplete> Incomplete { get; init; }

    /// <summary>What somebody should look at although the run ended well, such as a clock that is wrong; null for nothing.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The committed run before this one; null for the first.</summary>
    public ManifestPrevious? Previous { get; init; }

    /// <summary>Of a run that failed: the files that it was to publish. Some may be visible, and none counts. Null for every other
    /// run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ManifestFile>? Abandoned { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LakeJson.Default.Manifest);

    /// <exception cref="JsonException">It is no manifest.</exception>
    public static Manifest FromJson(ReadOnlySpan<byte> json)
    {
        Manifest manifest = JsonSerializer.Deserialize(json, LakeJson.Default.Manifest) ?? throw new JsonException("The manifest is the JSON value null.");
        return manifest.Files is { } files && files.All(f => f is { Path: not null, Dataset: not null, Format: not null, Sha256: not null })
            ? manifest
            : throw new JsonException("The manifest has no list of files, or one of them has no path, dataset, format or hash.");
    }
}

public sealed record ManifestSource(string BaseUrl, string Endpoint);

/// <param name="Conversations"><c>all</c> or <c>listed</c>; the conversations dataset names each that was read.</param>
/// <param name="Full">Whether every conversation was to be read whole, whatever the index proved.</param>
/// <param name="ActiveSince">Of all conversations, those that the source was asked for: active since then. Null where it was asked for
/// all, or for none.</param>
/// <param name="WholeList">Whether the source was asked for the whole list of conversations.</param>
public sealed record ManifestRequest(string Conversations, IReadOnlyList<string> Formats, bool Full, DateTimeOffset? ActiveSince, bool WholeList)
{
    /// <summary>Of an export: messages created then or later; null for no beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Of an export: messages created before; null for no end.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <param name="Complete">Whether the list was read to an end that its pages prove, until a reading brought nothing new.</param>
/// <param name="Reason">Why it is not shown to be whole, or what is odd about a list that is; null if there is nothing to say.</param>
/// <param name="Listed">Conversations that the list has.</param>
/// <param name="Reported">The source's count; null if it gave none.</param>
public sealed record ManifestDiscovery(bool Complete, string? Reason, long Listed, long? Reported)
{
    /// <summary>What is active later is found by the next run: <c>started_at</c>, or earlier if the clocks disagree. Null in manifests before
    /// it was introduced: then it is <c>started_at</c>.</summary>
    public DateTimeOffset? AsOf { get; init; }
}

public sealed record ManifestTotals(ConversationTotals Conversations, RowTotals Rows, SweepTotals Sweeps, long Requests, long Retries, long Throttled, long Bytes)
{
    /// <summary>Null in the manifest of an earlier version.</summary>
    public ValueTotals? Values { get; init; }
}

/// <param name="Unfit">Values of the written messages that their columns do not hold; <c>extra</c> has them.</param>
/// <param name="Repaired">Written messages whose text strict JSON readers refuse, so that it was repaired.</param>
/// <param name="LeftOut">Of an export of a span: messages that were read and left out because their time is absent or unreadable.</param>
public sealed record ValueTotals(long Unfit, long Repaired, long LeftOut);

public sealed record ConversationTotals(long Complete, long Incomplete, long Gone, long Failed);

/// <param name="Head">Conversations of which only the newest messages were read, as far as the index and the source's count prove the
/// rest.</param>
/// <param name="Full">Conversations that were read whole.</param>
/// <param name="Due">Of these, those that were read whole because their turn had come.</param>
/// <param name="DuePages">The pages that the due ones took.</param>
public sealed record SweepTotals(long Head, long Full, long Due, long DuePages);

public sealed record RowTotals(long Added, long Changed, long Removed, long Rejected);

/// <param name="Path">Relative to the data area, or to the folder of an export.</param>
/// <param name="MinCreatedAt">Null where no row has one.</param>
public sealed record ManifestFile(
    string Path, string Dataset, string Format, long Rows, long Bytes, string Sha256, DateTimeOffset? MinCreatedAt, DateTimeOffset? MaxCreatedAt);

/// <param name="ReportedCount">The source's count on the last page read; null where it gave none.</param>
public sealed record ManifestIncomplete(string ConversationId, string Outcome, string? Reason, long? ReportedCount, long DistinctCount, long Pages, long Sweeps);

public sealed record ManifestPrevious(string RunId, string ManifestSha256);

/// <summary>Points at the newest committed run.</summary>
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
