namespace KapsoArchive.Sandbox;

/// <summary>Random movement of a listing: the probability (0 to 1) of each change before each request for one of its pages.</summary>
public sealed record SandboxMovement
{
    /// <summary>The same seed moves the same listing in the same way.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A new message arrives.</summary>
    public double HeadInsert { get; init; }

    /// <summary>An old message appears somewhere in the middle, as from a history import.</summary>
    public double MiddleInsert { get; init; }

    /// <summary>A message is removed.</summary>
    public double Delete { get; init; }

    /// <summary>A message changes its status and updated_at.</summary>
    public double StatusChange { get; init; }

    /// <summary>Whether any probability is above 0.</summary>
    internal bool Moves => HeadInsert + MiddleInsert + Delete + StatusChange > 0;

    /// <summary>A mix of all kinds, whose probabilities sum to <paramref name="share"/>.</summary>
    public static SandboxMovement Mixed(double share) => new()
    {
        HeadInsert = 0.4 * share,
        MiddleInsert = 0.1 * share,
        Delete = 0.2 * share,
        StatusChange = 0.3 * share,
    };

    /// <summary>Describes the first option that is out of range; null if all are valid.</summary>
    internal string? FindProblem() =>
        Probability.FindProblem(("head_insert", HeadInsert), ("middle_insert", MiddleInsert), ("delete", Delete),
            ("status_change", StatusChange));
}
