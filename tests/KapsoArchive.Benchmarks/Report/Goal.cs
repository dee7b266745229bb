namespace KapsoArchive.Benchmarks.Report;

/// <summary>A value that a figure is not to exceed.</summary>
/// <param name="AtMost">The goal.</param>
/// <param name="Alarm">Beyond this a check in small sizes fails: about twice what is usual there, so that a regression of 2 × is seen and a busy machine is not.</param>
internal sealed record Goal(double AtMost, double Alarm = double.PositiveInfinity);
