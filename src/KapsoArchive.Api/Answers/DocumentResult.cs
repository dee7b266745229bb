using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;

namespace KapsoArchive.Api.Answers;

/// <summary>A small document, written as it is. The framework's own results are not used: they apply the host's JSON options, and they log
/// the address of a redirect, which may be a secret.</summary>
internal sealed class DocumentResult(int status, ReadOnlyMemory<byte> body, string? contentType) : IResult
{
    private const string Json = "application/json; charset=utf-8";
    private const string Problem = "application/problem+json; charset=utf-8";

    public string? Location { get; init; }

    /// <summary>Address of the status of the operation that was started.</summary>
    public string? OperationLocation { get; init; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>The snapshot that the document shows; empty for none.</summary>
    public string Snapshot { get; init; } = "";

    public static DocumentResult Of<T>(int status, T document, JsonTypeInfo<T> type, string? location = null,
        string? operationLocation = null, int? retryAfterSeconds = null) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(document, type), Json)
        { Location = location, OperationLocation = operationLocation, RetryAfterSeconds = retryAfterSeconds };

    /// <summary>A document of a snapshot, unless the client has it already.</summary>
    /// <param name="make">Makes the document.</param>
    public static async Task<DocumentResult> OfSnapshotAsync<T>(
        HttpRequest request, string snapshot, Func<Task<T>> make, JsonTypeInfo<T> type)
    {
        var tag = new EntityTagHeaderValue($"\"{snapshot}\"");
        bool isKnown = snapshot.Length > 0 && request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(tag, useStrongComparison: false));
        return isKnown
            ? new DocumentResult(StatusCodes.Status304NotModified, default, contentType: null) { Snapshot = snapshot }
            : new DocumentResult(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(await make(), type), Json)
            { Snapshot = snapshot };
    }

    public static DocumentResult Of(ProblemException e) =>
        new(e.Problem.Status, JsonSerializer.SerializeToUtf8Bytes(e.Problem, ApiJson.Default.ProblemDocument), Problem)
        { Location = e.Location, RetryAfterSeconds = e.RetryAfterSeconds };

    public static DocumentResult Redirect(Uri target) =>
        new(StatusCodes.Status302Found, default, contentType: null) { Location = target.AbsoluteUri };

    /// <summary>Redirects a browser to a page, which it requests with GET.</summary>
    /// <param name="target">Relative to the requested address.</param>
    public static DocumentResult SeeOther(string target) =>
        new(StatusCodes.Status303SeeOther, default, contentType: null) { Location = target };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        if (status != StatusCodes.Status304NotModified)
            response.ContentLength = body.Length;
        AnswerHeaders.Guard(response);
        if (Location is not null)
            response.Headers.Location = Location;
        if (OperationLocation is not null)
            response.Headers["Operation-Location"] = OperationLocation;
        if (RetryAfterSeconds is { } seconds)
            response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        if (Snapshot.Length > 0)
            response.Headers.ETag = $"W/\"{Snapshot}\"";
        if (!body.IsEmpty)
            await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
