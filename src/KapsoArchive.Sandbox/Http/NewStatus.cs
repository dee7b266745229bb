namespace KapsoArchive.Sandbox.Http;

/// <summary>A message's new status.</summary>
internal sealed record NewStatus
{
    public string? Status { get; init; }

    public string? FindProblem() => string.IsNullOrEmpty(Status) ? "status must be a text, and not empty." : null;
}
