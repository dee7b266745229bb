namespace KapsoArchive.Sandbox;

/// <summary>The use of the sandbox's API key in one rate window.</summary>
/// <param name="Start">When it began; UTC.</param>
/// <param name="Limit">The limit in force at its last request.</param>
/// <param name="Used">The client's accepted requests.</param>
/// <param name="UsedByCompetitor">The competitor's accepted requests.</param>
/// <param name="Throttled">The client's requests that were refused because the window was used up.</param>
public sealed record SandboxRateWindow(DateTimeOffset Start, int Limit, int Used, int UsedByCompetitor, int Throttled);
