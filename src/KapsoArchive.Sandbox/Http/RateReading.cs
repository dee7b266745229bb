namespace KapsoArchive.Sandbox.Http;

/// <summary>How a key stands after a request was counted.</summary>
internal readonly record struct RateReading(int Limit, int Remaining, bool Exceeded);
