namespace KapsoArchive.Core.Kapso;

/// <summary>One request that may go on the wire.</summary>
/// <param name="Window">The window that was believed to run when it was sent.</param>
/// <param name="Known">The newest sighting then: whatever the source counts for this request, it counts after that.</param>
internal sealed record RatePermit(DateTimeOffset SentAt, int Window, RateSighting? Known);
