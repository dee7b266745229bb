namespace KapsoArchive.Benchmarks.Report;

/// <summary>Why a goal is missed, where it is known, by benchmark and measure. Words only: the numbers are measured.</summary>
internal static class Explanations
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
    };

    public static string Of(Figure figure) => Known.GetValueOrDefault($"{figure.Benchmark}: {figure.Measure}", "nobody has looked for the reason yet");
}
