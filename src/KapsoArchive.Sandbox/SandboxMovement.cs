namespace KapsoArchive.Sandbox;

/// <summary>Random movement of a listing: what may happen before each request for one of its pages, each with its own probability (0 to 1).</summary>
public sealed record SandboxMovement
{
    /// <summary>The same seed moves the same listing in the same way.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A new message arrives.</summary>
    public double HeadInsert { get; init; }

    /// <summary>An old message appears somewhere in the middle, as from a history import.</summary>
    public double MiddleInsert { get; init; }

    /// <summary>A message vanishes.</summary>
    public double Delete { get; init; }

    /// <summary>A message takes another status, and its updated_at moves.</summary>
    public double StatusChange { get; init; }

    /// <summary>Whether anything can happen.</summary>
    internal bool Moves => HeadInsert + MiddleInsert + Delete + StatusChange > 0;

    /// <summary>All kinds mixed: their probabilities add up to <paramref name="share"/>.</summary>
    public static SandboxMovement Mixed(double share) => new()
    {
        HeadInsert = 0.4 * share,
        MiddleInsert = 0.1 * share,
        Delete = 0.2 * share,
        StatusChange = 0.3 * share,
    };

    /// <summary>The first option that is out of its bounds, in a sentence; null where all are fine.</summary>
    internal string? FindProblem() =>
        Probability.FindProblem(("head_insert", HeadInsert), ("middle_insert", MiddleInsert), ("delete", Delete), ("status_change", StatusChange));
}
