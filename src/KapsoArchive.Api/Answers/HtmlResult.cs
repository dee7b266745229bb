namespace KapsoArchive.Api.Answers;

/// <summary>An HTML document. Its content security policy is also sent as a header.</summary>
/// <param name="head">The document's title and policy.</param>
/// <param name="body">The document.</param>
internal sealed class HtmlResult(HtmlHead head, ReadOnlyMemory<byte> body) : IResult
{
    public const string ContentType = "text/html; charset=utf-8";

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The file name that a browser saves it under; null if it is shown.</summary>
    public string? FileName { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        AnswerHeaders.Guard(response);
        response.Headers.ContentSecurityPolicy = head.HeaderPolicy;
        response.Headers["Referrer-Policy"] = head.ReferrerPolicy;
        if (FileName is not null)
            response.Headers.ContentDisposition = $"inline; filename=\"{FileName}\"";
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
