namespace KapsoArchive.Core.Journal;

/// <summary>The published status of a run: <c>runs/RUN_ID.json</c> of the state area. The run itself does not need it.</summary>
public sealed record ProgressDocument
{
    public required string RunId { get; init; }

    /// <summary><c>archive</c> or <c>export</c>.</summary>
    public string Kind { get; init; } = "archive";

    public required string Trigger { get; init; }

    public required RunStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Time of the last update. A <see cref="RunStatus.Running"/> run updates it every few seconds.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public required ProgressRequest Request { get; init; }

    public ProgressCounts Progress { get; init; } = new(new ProgressConversations(0, 0, null), 0, 0, 0);

    /// <summary>What went wrong, or what prevents the run from continuing, in words.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the run was left unfinished; the next execution continues it.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Whether a user has requested cancellation of the export. The execution checks this.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>The manifest's path in the data area, or in the exports area for an export; null if the run is not committed.</summary>
    public string? Manifest { get; init; }

    /// <summary>Whether the run has reached its final state.</summary>
    [JsonIgnore]
    public bool HasEnded =>
        Status is RunStatus.Succeeded or RunStatus.PartiallySucceeded or RunStatus.Canceled || (Status == RunStatus.Failed && !Interrupted);

    /// <summary>The record of a run that waits to begin.</summary>
    internal static ProgressDocument Of(JournalHead head) => new()
    {
        RunId = head.RunId,
        Kind = head.Kind == RunKind.Export ? "export" : "archive",
        Trigger = head.Trigger,
        Status = RunStatus.NotStarted,
        CreatedAt = head.StartedAt,
        UpdatedAt = head.StartedAt,
        Request = new ProgressRequest(
            head.Conversations is null && head.Choice?.Contact is null ? "all" : "listed", head.Conversations?.Count, head.Full,
            [.. head.Formats.Select(f => Layout.Names(f).Format)])
        {
            From = head.Range.From,
            To = head.Range.To,
        },
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ProgressDocumentJson.Default.ProgressDocument);

    /// <exception cref="JsonException">It is damaged.</exception>
    public static ProgressDocument FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ProgressDocumentJson.Default.ProgressDocument)
            is { Trigger: not null, Request: { Conversations: not null, Formats: not null }, Progress.Conversations: not null } record
                ? record
                : throw new JsonException("It lacks a required member.");
}

/// <param name="Conversations"><c>all</c> or <c>listed</c>.</param>
/// <param name="Listed">Number of listed conversations; null for all.</param>
public sealed record ProgressRequest(string Conversations, int? Listed, bool Full, IReadOnlyList<string> Formats)
{
    /// <summary>Whether all conversations were requested.</summary>
    [JsonIgnore] public bool IsAll => Conversations == "all";

    /// <summary>For an export: only messages created at this time or later; null for no lower limit.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>For an export: only messages created before this time; null for no upper limit.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <param name="Throttled">Requests that the source answered with 429.</param>
public sealed record ProgressCounts(ProgressConversations Conversations, long Messages, long Requests, long Throttled);

/// <param name="Done">Finished conversations, whatever the outcome.</param>
/// <param name="Failed">Number of those that are incomplete or failed.</param>
/// <param name="Total">Null until the list is known.</param>
public sealed record ProgressConversations(long Done, long Failed, long? Total);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ProgressDocument))]
internal sealed partial class ProgressDocumentJson : JsonSerializerContext;
