namespace KapsoArchive.Core.Kapso;

/// <summary>A reading, with the time its request was sent and the window it was assigned to.</summary>
internal sealed record RateSighting(RateReading Reading, DateTimeOffset SentAt, int Window);
