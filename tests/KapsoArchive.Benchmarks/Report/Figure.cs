namespace KapsoArchive.Benchmarks.Report;

/// <summary>One number that was measured.</summary>
/// <param name="Measure">What it is, in words; the key of its explanation.</param>
/// <param name="Unit"><c>×</c> for a ratio.</param>
internal sealed record Figure(string Benchmark, string Measure, double Value, string Unit, Goal? Goal = null)
{
    public string Text => $"{Value.ToString(Format(Value))} {Unit}".TrimEnd();

    public string GoalText => Goal is null ? "" : $"≤ {Goal.AtMost.ToString(Format(Goal.AtMost))} {Unit}".TrimEnd();

    /// <summary><c>met</c>, or <c>not met, because …</c>; empty where there is no goal.</summary>
    public string Verdict => Goal is null ? "" : Value <= Goal.AtMost ? "met" : $"not met, because {Explanations.Of(this)}";

    private static string Format(double value) => Math.Abs(value) >= 100 || value == Math.Truncate(value) ? "#,0" : "0.00";
}
