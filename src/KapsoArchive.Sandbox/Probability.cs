namespace KapsoArchive.Sandbox;

/// <summary>Checks options that are probabilities.</summary>
internal static class Probability
{
    /// <summary>Describes the first value that is not a probability; null if all are valid.</summary>
    public static string? FindProblem(params ReadOnlySpan<(string Name, double Value)> probabilities)
    {
        foreach (var (name, value) in probabilities)
        {
            if (value is not (>= 0 and <= 1)) return $"{name} must be from 0 to 1; it is {value}.";
        }
        return null;
    }
}
