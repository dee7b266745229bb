using System.Text.Json;
using System.Text.Json.Serialization;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Journal;

/// <summary>What is told of a run to whoever asks: <c>runs/RUN_ID.json</c> of the state area. The run itself does not need it.</summary>
public sealed record RunRecord
{
    public required string RunId { get; init; }

    /// <summary><c>archive</c> or <c>export</c>.</summary>
    public string Kind { get; init; } = "archive";

    public required string Trigger { get; init; }

    public required RunStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When this was last written. A run that is <see cref="RunStatus.Running"/> writes it every few seconds.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public required RunRecordRequest Request { get; init; }

    public RunRecordProgress Progress { get; init; } = new(new RunRecordConversations(0, 0, null), 0, 0, 0);

    /// <summary>What went wrong, or what keeps the run from going on, in words.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the run was left unfinished; the next execution goes on with it.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Whether somebody wants the export cancelled. Whoever is at work on it looks for this.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>The manifest's path in the data area, or of an export in the exports area; null where the run is not committed.</summary>
    public string? Manifest { get; init; }

    /// <summary>Whether nothing more will happen to it.</summary>
    [JsonIgnore]
    public bool HasEnded => Status is RunStatus.Succeeded or RunStatus.PartiallySucceeded or RunStatus.Canceled || (Status == RunStatus.Failed && !Interrupted);

    /// <summary>The record of a run that waits to be begun.</summary>
    internal static RunRecord Of(JournalHead head) => new()
    {
        RunId = head.RunId,
        Kind = head.Kind == RunKind.Export ? "export" : "archive",
        Trigger = head.Trigger,
        Status = RunStatus.NotStarted,
        CreatedAt = head.StartedAt,
        UpdatedAt = head.StartedAt,
        Request = new RunRecordRequest(head.Conversations is null ? "all" : "listed", head.Conversations?.Count, head.Full, [.. head.Formats.Select(f => Layout.Names(f).Format)])
        {
            From = head.Range.From,
            To = head.Range.To,
        },
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RunRecordJson.Default.RunRecord);

    /// <exception cref="JsonException">It is damaged.</exception>
    public static RunRecord FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, RunRecordJson.Default.RunRecord)
            is { Trigger: not null, Request: { Conversations: not null, Formats: not null }, Progress.Conversations: not null } record ? record : throw new JsonException("It lacks something that every record has.");
}

/// <param name="Conversations"><c>all</c> or <c>listed</c>.</param>
/// <param name="Listed">How many are listed; null for all.</param>
public sealed record RunRecordRequest(string Conversations, int? Listed, bool Full, IReadOnlyList<string> Formats)
{
    /// <summary>Of an export: messages created then or later; null for no beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Of an export: messages created before; null for no end.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <param name="Throttled">Requests that the source answered with 429.</param>
public sealed record RunRecordProgress(RunRecordConversations Conversations, long Messages, long Requests, long Throttled);

/// <param name="Done">Finished, whatever the outcome.</param>
/// <param name="Failed">Of these, incomplete or failed.</param>
/// <param name="Total">Null until the list is known.</param>
public sealed record RunRecordConversations(long Done, long Failed, long? Total);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunRecordJson : JsonSerializerContext;
