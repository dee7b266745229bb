namespace KapsoArchive.Api.Answers;

/// <summary>Thrown below a handler to answer the request with a problem document.</summary>
internal sealed class ProblemException(ProblemDocument problem) : Exception(problem.Detail)
{
    public ProblemDocument Problem => problem;

    /// <summary>For the <c>Location</c> header: the resource that the problem concerns; null if unknown.</summary>
    public string? Location { get; init; }

    /// <summary>For the <c>Retry-After</c> header, in seconds; null if a retry does not help.</summary>
    public int? RetryAfterSeconds { get; init; }
}
