namespace KapsoArchive.Benchmarks.Report;

/// <summary>One number that was measured.</summary>
/// <param name="Measure">What it is, in words; the key of its explanation.</param>
/// <param name="Unit"><c>×</c> for a ratio.</param>
/// <param name="Goal">What it is not to exceed; null for none.</param>
/// <param name="Alarm">Beyond this the check fails: of a ratio, some one and a half times what is usual in the check's sizes, so that a regression of 2 × is seen and a busy machine is not.</param>
internal sealed record Figure(string Benchmark, string Measure, double Value, string Unit, double? Goal = null, double? Alarm = null)
{
    public bool IsMet => Value <= Goal;

    public string Text => Written(Value);

    public string GoalText => Goal is { } goal ? $"≤ {Written(goal)}" : "";

    /// <summary><c>met</c>, or <c>not met, because …</c>; empty where there is no goal.</summary>
    public string Verdict => Goal is null ? "" : IsMet ? "met" : $"not met, because {Explanations.Of(this)}";

    private string Written(double value) => $"{value.ToString(Math.Abs(value) >= 100 || value == Math.Truncate(value) ? "#,0" : "0.00")} {Unit}".TrimEnd();
}
