namespace KapsoArchive.Api.FrontDoor;

/// <summary>A run or an export, as the front door lists it.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Files">An export's files; null before the commit and after they have expired.</param>
internal sealed record FrontDoorItem(StatusSummary Status, IReadOnlyList<ManifestFile>? Files)
{
    public bool IsExport => Status.Kind == "export";

    /// <summary>Whether it is still waiting or running.</summary>
    public bool IsUnderWay => Status is { Status: "NotStarted" or "Running" } or { Status: "Failed", Error.Code: "interrupted" };

    public (BadgeTone Tone, string Word) Badge => Status switch
    {
        { Status: "NotStarted" or "Running", CancelRequested: true } => (BadgeTone.Active, "Being cancelled"),
        { Status: "NotStarted" } => (BadgeTone.Active, "Waiting"),
        { Error.Code: "interrupted" } => (BadgeTone.Warning, "Interrupted"),
        { Status: "Running" } => (BadgeTone.Active, "Running"),
        { Status: "Succeeded" or "PartiallySucceeded" } when IsExport && Files is null => (BadgeTone.Plain, "Expired"),
        { Status: "Succeeded" } => (BadgeTone.Good, "Complete"),
        { Status: "PartiallySucceeded" } => (BadgeTone.Warning, "Not complete"),
        { Status: "Canceled" } => (BadgeTone.Plain, "Cancelled"),
        _ => (BadgeTone.Bad, "Failed"),
    };
}
