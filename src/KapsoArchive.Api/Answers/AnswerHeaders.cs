namespace KapsoArchive.Api.Answers;

/// <summary>The headers of every answer: no cache stores it, and no browser guesses another type.</summary>
public static class AnswerHeaders
{
    /// <summary>The <c>Cache-Control</c> of an answer that the caller's own cache may store.</summary>
    internal const string Private = "private";

    /// <summary>Sets <c>Cache-Control: no-store</c>, unless it is <see cref="Private"/>, and <c>X-Content-Type-Options: nosniff</c>,
    /// replacing earlier values.</summary>
    public static void Guard(HttpResponse response)
    {
        if (response.Headers.CacheControl != Private)
            response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
