using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Api.Documents;

/// <summary>The status of a run or an export, as shown in lists.</summary>
[Description("The status of a run or an export. All times are UTC, ISO 8601.")]
internal record StatusSummary
{
    [Description("The id of the run or export. Ids sort by time.")]
    [RegularExpression("^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$")]
    public required string Id { get; init; }

    [Description("The kind of work.")]
    [AllowedValues("archive", "export")]
    public required string Kind { get; init; }

    [Description("PartiallySucceeded: published, but at least one conversation is incomplete or failed. NotStarted and Running can " +
        "still change. All others are final, except Failed with the error code interrupted: that run resumes.")]
    [AllowedValues("NotStarted", "Running", "Succeeded", "PartiallySucceeded", "Failed", "Canceled")]
    public required string Status { get; init; }

    [Description("When it was accepted.")]
    public required DateTime CreatedAt { get; init; }

    [Description("When work on it began; null before.")]
    public required DateTime? StartedAt { get; init; }

    [Description("When it ended; null before.")]
    public required DateTime? FinishedAt { get; init; }

    [Description("Whether its cancellation was requested. Work on it stops within seconds.")]
    public required bool CancelRequested { get; init; }

    public required StatusRequest? Request { get; init; }

    public required StatusProgress Progress { get; init; }

    public required StatusError? Error { get; init; }
}

/// <summary>The request.</summary>
[Description("What was requested; null if that is no longer known.")]
internal sealed record StatusRequest(
    [property: Description("all, or listed."), AllowedValues("all", "listed")] string Conversations,
    [property: Description("How many conversations are listed; null for all.")] int? Listed,
    [property: Description("Exports only: messages created at this time or later; null for no lower bound.")] DateTime? From,
    [property: Description("Exports only: messages created before this time; null for no upper bound.")] DateTime? To,
    [property: Description("parquet and jsonl; for exports also csv, html and xlsx.")] IReadOnlyList<string> Formats,
    [property: Description("Whether every conversation is read completely.")] bool Full);

/// <summary>The progress so far.</summary>
[Description("The progress. It is updated every few seconds while the run is under way.")]
internal sealed record StatusProgress(
    StatusConversations Conversations,
    [property: Description("Messages read.")] long Messages,
    [property: Description("Requests to the source.")] long Requests,
    [property: Description("Of these, those that the source answered with 429.")] long Throttled,
    [property: Description(
        "The estimated end at the present rate; null if it cannot be estimated.")] DateTime? EstimatedCompletion);

/// <summary>Counts of conversations.</summary>
[Description("Conversations, by progress.")]
internal sealed record StatusConversations(
    [property: Description("Finished, whatever the outcome.")] long Done,
    [property: Description("Of these, incomplete or failed.")] long Failed,
    [property: Description("All of them; null until the list is known.")] long? Total);

/// <summary>The error.</summary>
[Description("What went wrong, or why it does not continue; null if there is no error.")]
internal sealed record StatusError(
    [property: Description("failed; canceled; interrupted: it resumes by itself; damaged: its stored status cannot be read."),
               AllowedValues("failed", "canceled", "interrupted", "damaged"),
               JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code,
    [property: Description("The error in words.")] string Message);
