namespace KapsoArchive.Api.Answers;

/// <summary>A request that is answered with a problem document, found out somewhere below its handler.</summary>
internal sealed class ProblemException(ProblemDocument problem) : Exception(problem.Detail)
{
    public ProblemDocument Problem => problem;

    /// <summary>For the <c>Location</c> header: what the problem is about; null for nothing.</summary>
    public string? Location { get; init; }

    /// <summary>For the <c>Retry-After</c> header; null where trying again is no use.</summary>
    public int? RetryAfterSeconds { get; init; }
}
