namespace KapsoArchive.Api.Answers;

/// <summary>The headers of every answer: no cache stores it, and no browser guesses another type.</summary>
public static class AnswerHeaders
{
    /// <summary>Sets <c>Cache-Control: no-store</c> and <c>X-Content-Type-Options: nosniff</c>, replacing earlier values.</summary>
    public static void Guard(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
