using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Api.Answers;

/// <summary>The headers of every answer, whatever it says: no cache keeps it, and no browser takes it for another type than it
/// names.</summary>
public static class AnswerHeaders
{
    /// <summary>Sets <c>Cache-Control: no-store</c> and <c>X-Content-Type-Options: nosniff</c>, in place of what stands there.</summary>
    public static void Guard(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
