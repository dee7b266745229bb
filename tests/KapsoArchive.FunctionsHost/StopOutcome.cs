namespace KapsoArchive.FunctionsHost;

/// <summary>How a worker ended.</summary>
/// <param name="ExitCode">Its exit code; null if it lives on.</param>
/// <param name="HadToBeKilled">Whether it outlived the time that the host gives.</param>
/// <param name="Took">How long it took.</param>
public sealed record StopOutcome(int? ExitCode, bool HadToBeKilled, TimeSpan Took);
