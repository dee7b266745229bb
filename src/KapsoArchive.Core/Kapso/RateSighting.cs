namespace KapsoArchive.Core.Kapso;

/// <summary>A reading, with the moment at which the request that brought it was sent and the window it was taken for.</summary>
internal sealed record RateSighting(RateReading Reading, DateTimeOffset SentAt, int Window);
