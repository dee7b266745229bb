namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>What a browser's headers say about a request.</summary>
internal static class BrowserCalls
{
    private const string SameOrigin = "same-origin";

    /// <summary>Whether the caller accepts HTML. Programs, which do not ask for it, get the API's answers.</summary>
    public static bool WantsPage(this HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether another site made the browser send the request, according to <c>Sec-Fetch-Site</c> and <c>Origin</c>. A request
    /// with neither header does not come from a browser. If the origin is <c>null</c>, the other header must prove that the page is this
    /// server's own.</summary>
    public static bool IsForeign(this HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or SameOrigin or "none"))
            return true;
        return request.Headers.Origin.ToString() switch
        {
            "" => false,
            "null" => site != SameOrigin,
            var origin => !IsOwn(origin, request.Host),
        };
    }

    /// <summary>Compares host and port only: a proxy that terminates TLS may use another scheme.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? theirs)
        && Uri.TryCreate($"{theirs.Scheme}://{host.ToUriComponent()}", UriKind.Absolute, out Uri? own)
        && theirs.Authority.Length > 0
        && theirs.Authority.Equals(own.Authority, StringComparison.OrdinalIgnoreCase);
}
