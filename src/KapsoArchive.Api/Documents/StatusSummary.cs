using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KapsoArchive.Api.Documents;

/// <summary>The status of a run or an export, as shown in lists.</summary>
[Description("How a run or an export stands. All times are UTC, ISO 8601.")]
internal record StatusSummary
{
    [Description("The id of the run or export. Ids sort by time.")]
    [RegularExpression("^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$")]
    public required string Id { get; init; }

    [Description("What it is for.")]
    [AllowedValues("archive", "export")]
    public required string Kind { get; init; }

    [Description("PartiallySucceeded: published, but some conversation is incomplete or failed. NotStarted and Running go on; all " +
        "others are the end, but for Failed with the error code interrupted, which is taken up again.")]
    [AllowedValues("NotStarted", "Running", "Succeeded", "PartiallySucceeded", "Failed", "Canceled")]
    public required string Status { get; init; }

    [Description("When it was accepted.")]
    public required DateTime CreatedAt { get; init; }

    [Description("When somebody began to work on it; null before.")]
    public required DateTime? StartedAt { get; init; }

    [Description("When it ended; null before.")]
    public required DateTime? FinishedAt { get; init; }

    [Description("Whether it is to be cancelled. Work on it stops within seconds.")]
    public required bool CancelRequested { get; init; }

    public required StatusRequest? Request { get; init; }

    public required StatusProgress Progress { get; init; }

    public required StatusError? Error { get; init; }
}

/// <summary>The request.</summary>
[Description("What was asked for; null where that is not known any more.")]
internal sealed record StatusRequest(
    [property: Description("all, or listed."), AllowedValues("all", "listed")] string Conversations,
    [property: Description("How many conversations are listed; null for all.")] int? Listed,
    [property: Description("Of an export: messages created then or later; null for no beginning.")] DateTime? From,
    [property: Description("Of an export: messages created before; null for no end.")] DateTime? To,
    [property: Description("parquet, jsonl, and of exports csv.")] IReadOnlyList<string> Formats,
    [property: Description("Whether every conversation is read whole.")] bool Full);

/// <summary>The progress so far.</summary>
[Description("How far it is. A run at work tells every few seconds.")]
internal sealed record StatusProgress(
    StatusConversations Conversations,
    [property: Description("Messages read.")] long Messages,
    [property: Description("Requests to the source.")] long Requests,
    [property: Description("Of these, those that the source answered with 429.")] long Throttled,
    [property: Description(
        "When it will be finished if it goes on as it did; null where that cannot be told.")] DateTime? EstimatedCompletion);

/// <summary>Counts of conversations.</summary>
[Description("Conversations, by how far they are.")]
internal sealed record StatusConversations(
    [property: Description("Finished, whatever the outcome.")] long Done,
    [property: Description("Of these, incomplete or failed.")] long Failed,
    [property: Description("All of them; null until the list is known.")] long? Total);

/// <summary>The error.</summary>
[Description("What went wrong, or what keeps it from going on; null where nothing.")]
internal sealed record StatusError(
    [property: Description("failed; canceled; interrupted: it is taken up again by itself; damaged: what is " +
        "stored about it cannot be read."),
               AllowedValues("failed", "canceled", "interrupted", "damaged"),
               JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code,
    [property: Description("In words.")] string Message);
