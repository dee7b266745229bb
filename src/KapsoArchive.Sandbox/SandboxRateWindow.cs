namespace KapsoArchive.Sandbox;

/// <summary>What happened in one rate window to the sandbox's API key.</summary>
/// <param name="Start">When it began; UTC.</param>
/// <param name="Limit">The limit in force at its last request.</param>
/// <param name="Used">The requests of the client that were let in.</param>
/// <param name="UsedByCompetitor">The competitor's requests that were let in.</param>
/// <param name="Throttled">The requests of the client that were refused because the window was used up.</param>
public sealed record SandboxRateWindow(DateTimeOffset Start, int Limit, int Used, int UsedByCompetitor, int Throttled);
