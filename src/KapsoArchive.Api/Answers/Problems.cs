namespace KapsoArchive.Api.Answers;

/// <summary>All problems that the API reports.</summary>
internal static class Problems
{
    private const int StoreRetrySeconds = 10;

    public static ProblemException BadRequest(string detail) =>
        Of(StatusCodes.Status400BadRequest, "bad-request", "The request cannot be read", detail);

    /// <param name="name">The query parameter or header that is wrong.</param>
    /// <param name="sentence">The error and how to fix it.</param>
    public static ProblemException BadParameter(string name, string sentence) => new(
        Document(StatusCodes.Status400BadRequest, "bad-parameter", "A parameter is wrong", $"{name}: {sentence}") with
        {
            Errors = new Dictionary<string, IReadOnlyList<string>> { [name] = [sentence] },
        });

    public static ProblemException NotFound(string detail) =>
        Of(StatusCodes.Status404NotFound, "not-found", "Not found", detail);

    public static ProblemException NothingArchived() => Of(StatusCodes.Status404NotFound, "nothing-archived", "Nothing is archived yet",
        "The archive has no conversation before its first run. Start the run from the start page, or wait for the night.");

    public static ProblemException ForeignForm() => Of(
        StatusCodes.Status403Forbidden, "foreign-form", "The form was refused", "The form was not sent from this server's own page, or " +
            "the page was opened too long ago. Open the page again, and send the form from there.");

    public static ProblemException Expired(string detail) => Of(StatusCodes.Status404NotFound, "expired", "The export has expired", detail);

    public static ProblemException OperationConflict(string detail, string location) =>
        Of(StatusCodes.Status409Conflict, "operation-conflict", "The Operation-Id was used for another request", detail, location);

    public static ProblemException Ended(string detail) => Of(StatusCodes.Status409Conflict, "ended", "The export has ended", detail);

    public static ProblemException NotReady(string detail, string location, int retryAfterSeconds) =>
        new(Document(StatusCodes.Status409Conflict, "not-ready", "The export is not finished", detail))
        { Location = location, RetryAfterSeconds = retryAfterSeconds };

    public static ProblemException RunUnderWay(string detail, string? location) =>
        Of(StatusCodes.Status409Conflict, "run-under-way", "A run is under way", detail, location);

    public static ProblemException NotConfigured(string detail) =>
        Of(StatusCodes.Status409Conflict, "not-configured", "A setting is missing", detail);

    public static ProblemException InUse() => Of(StatusCodes.Status409Conflict, "in-use", "The archive is in use",
        "Another process is using the archive. Wait until it ends, then try again.");

    public static ProblemException TooLarge(string detail) =>
        Of(StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large", detail);

    public static ProblemException UnsupportedMediaType(string detail) =>
        Of(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body has the wrong content type", detail);

    public static ProblemException Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> errors) => new(
        Document(StatusCodes.Status422UnprocessableEntity, "invalid", "Fields are wrong",
            $"Correct {string.Join(", ", errors.Keys)}. The member errors says what is wrong with each.") with
        { Errors = errors });

    public static ProblemException Invalid(string field, string sentence) =>
        Invalid(new Dictionary<string, IReadOnlyList<string>> { [field] = [sentence] });

    public static ProblemException StoreUnavailable() => Unavailable("store-unavailable", "The store cannot be used",
        "The server cannot use its store or its queue at the moment. Try again later; the server's log says what to check.");

    public static ProblemException Misconfigured(string settings) => Unavailable("misconfigured", "A setting of the server is wrong",
        $"Correct {settings} on the server. The server's log says how.");

    public static ProblemException Stopping() => Unavailable("stopping", "The server is stopping", "Try again in a moment.");

    public static ProblemException Internal() =>
        Of(StatusCodes.Status500InternalServerError, "internal", "The server failed",
            "An unexpected error occurred. The server's log has the details.");

    public static ProblemException NotHere(string detail) =>
        Of(StatusCodes.Status501NotImplemented, "not-here", "This server does not search text", detail);

    public static ProblemException OfHttp(int status) => status == StatusCodes.Status413PayloadTooLarge
        ? TooLarge("The body is larger than the server accepts.")
        : Of(status, "bad-request", "The request cannot be read", "The request is not valid HTTP, or it was cut off.");

    private static ProblemException Unavailable(string type, string title, string detail) =>
        new(Document(StatusCodes.Status503ServiceUnavailable, type, title, detail)) { RetryAfterSeconds = StoreRetrySeconds };

    private static ProblemException Of(int status, string type, string title, string detail, string? location = null) =>
        new(Document(status, type, title, detail)) { Location = location };

    private static ProblemDocument Document(int status, string type, string title, string detail) =>
        new($"urn:kapso-archive:problem:{type}", title, status, detail);
}
