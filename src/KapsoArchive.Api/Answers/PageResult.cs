using KapsoArchive.Core.Pages;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Api.Answers;

/// <summary>An HTML page, with the policy that it carries in its headers, too.</summary>
/// <param name="head">What the page says of itself.</param>
/// <param name="body">The page.</param>
internal sealed class PageResult(PageHead head, ReadOnlyMemory<byte> body) : IResult
{
    public const string ContentType = "text/html; charset=utf-8";

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The name under which a browser saves it; null for none.</summary>
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
