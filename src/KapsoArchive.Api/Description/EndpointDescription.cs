namespace KapsoArchive.Api.Description;

/// <summary>Adds OpenAPI metadata to endpoints.</summary>
internal static class EndpointDescription
{
    private const string Problem = "application/problem+json";

    public static RouteHandlerBuilder Named(
        this RouteHandlerBuilder endpoint, string name, string tag, string summary, string description) =>
        endpoint.WithName(name).WithTags(tag).WithSummary(summary).WithDescription(description);

    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, params ReadOnlySpan<ParameterNote> parameters)
    {
        foreach (ParameterNote parameter in parameters)
            endpoint.WithMetadata(parameter);
        return endpoint;
    }

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string text, params string[] headers) =>
        endpoint.Produces<T>(status, "application/json").WithMetadata(new AnswerNote(status, text, headers));

    /// <summary>Describes an answer without a body.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, int status, string text, params string[] headers) =>
        endpoint.Produces(status).WithMetadata(new AnswerNote(status, text, headers));

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, int status, string text, params string[] headers) =>
        endpoint.Produces<ProblemDocument>(status, Problem).WithMetadata(new AnswerNote(status, text, headers));

    /// <summary>For requests that change something: <c>serve</c> refuses them if another site had the browser send them.</summary>
    public static RouteHandlerBuilder IsGuarded(this RouteHandlerBuilder endpoint) =>
        endpoint.Refuses(StatusCodes.Status403Forbidden, "A page of another site sent the request without a key. Nothing was done.");

    /// <summary>Answers that any request that uses the store may get.</summary>
    public static RouteHandlerBuilder MayFail(this RouteHandlerBuilder endpoint) => endpoint
        .Answers(StatusCodes.Status401Unauthorized, "The key is missing or wrong.")
        .Refuses(StatusCodes.Status500InternalServerError, "The server failed.")
        .Refuses(StatusCodes.Status503ServiceUnavailable, "The store or the queue cannot be used, or a setting of the server is wrong.",
            "Retry-After");
}
