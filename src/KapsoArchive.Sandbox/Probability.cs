namespace KapsoArchive.Sandbox;

/// <summary>The check of options that are probabilities.</summary>
internal static class Probability
{
    /// <summary>The first that is none, in a sentence; null where all are fine.</summary>
    public static string? FindProblem(params ReadOnlySpan<(string Name, double Value)> probabilities)
    {
        foreach (var (name, value) in probabilities)
        {
            if (value is not (>= 0 and <= 1)) return $"{name} must be from 0 to 1; it is {value}.";
        }
        return null;
    }
}
