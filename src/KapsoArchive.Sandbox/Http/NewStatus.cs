namespace KapsoArchive.Sandbox.Http;

/// <summary>The status that a message takes.</summary>
internal sealed record NewStatus
{
    public string? Status { get; init; }

    public string? FindProblem() => string.IsNullOrEmpty(Status) ? "status must be a text that is not empty." : null;
}
