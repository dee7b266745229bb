namespace KapsoArchive.Core.Kapso;

/// <summary>Permission to send one request.</summary>
/// <param name="Window">The estimated window at the time of sending.</param>
/// <param name="Known">The newest sighting at that time. The source counts this request later than that sighting.</param>
internal sealed record RatePermit(DateTimeOffset SentAt, int Window, RateSighting? Known);
