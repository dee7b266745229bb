namespace KapsoArchive.Core.Sweeps;

/// <summary>What the sweeps of one reading have in common.</summary>
/// <param name="Source">Provides the pages.</param>
/// <param name="Window">Number of requests that may be in flight; see <see cref="PageAhead"/>.</param>
/// <param name="Shape">How the source pages.</param>
/// <param name="Goal">What is known, and how much is to be read.</param>
internal sealed record SweepSetting(PageSource Source, Func<int> Window, SourceShape Shape, ReadingGoal Goal);
