namespace KapsoArchive.Core.Kapso;

/// <summary>An answer's rate limit headers: requests per window, and requests left after this one.</summary>
internal sealed record RateReading(int Limit, int Remaining)
{
    /// <summary>Null if the headers are absent or inconsistent.</summary>
    public static RateReading? From(HttpResponseMessage response) =>
        Number(response, "X-RateLimit-Limit") is > 0 and int limit && Number(response, "X-RateLimit-Remaining") is int remaining
            && remaining <= limit
            ? new RateReading(limit, remaining)
            : null;

    private static int? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out IEnumerable<string>? values)
        && int.TryParse(
            values.First(), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}
