namespace KapsoArchive.Sandbox.Http;

/// <summary>The faulty answers that replace the correct one.</summary>
internal static class FaultyAnswers
{
    /// <summary>Returns the replacement; null if the fault affects only the transfer of the answer.</summary>
    public static SandboxAnswer? Of(SandboxFaultKind? kind, SandboxFaults faults, DateTimeOffset now) => kind switch
    {
        SandboxFaultKind.InternalError =>
            Errors.Of(StatusCodes.Status500InternalServerError, "Internal server error", "Something went wrong. Please try again later."),
        SandboxFaultKind.BadGateway => Html(StatusCodes.Status502BadGateway, "502 Bad Gateway"u8),
        SandboxFaultKind.Unavailable =>
            Errors.Of(StatusCodes.Status503ServiceUnavailable, "Service unavailable", "Please try again later.", RetryAfter(faults, now)),
        SandboxFaultKind.ThrottleStorm => Errors.RateLimitExceeded(RetryAfter(faults, now).Value),
        SandboxFaultKind.Html => Html(StatusCodes.Status200OK, "Down for maintenance"u8),
        _ => null,
    };

    private static KeyValuePair<string, string> RetryAfter(SandboxFaults faults, DateTimeOffset now) => new(
        "Retry-After",
        faults.RetryAfterAsDate
            ? now.AddSeconds(faults.RetryAfterSeconds).ToString("R", CultureInfo.InvariantCulture)
            : faults.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture));

    private static SandboxAnswer Html(int status, ReadOnlySpan<byte> title)
    {
        var html = new Utf8Buffer();
        html.Append("<html>\r\n<head><title>"u8);
        html.Append(title);
        html.Append("</title></head>\r\n<body>\r\n<center><h1>"u8);
        html.Append(title);
        html.Append("</h1></center>\r\n</body>\r\n</html>\r\n"u8);
        return new SandboxAnswer(status, html) { ContentType = "text/html" };
    }
}
