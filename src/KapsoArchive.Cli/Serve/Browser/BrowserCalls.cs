using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>What a browser says of a call.</summary>
internal static class BrowserCalls
{
    private const string SameOrigin = "same-origin";

    /// <summary>Whether a page is wanted. A program, which does not say so, is answered in the way of the API.</summary>
    public static bool WantsPage(this HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Whether another site has it sent, by <c>Sec-Fetch-Site</c> and <c>Origin</c>: neither may name another. Who sends neither is no
    /// browser. The origin <c>null</c> says nothing, so that it takes the word of the other header that the page is of this server.
    /// </summary>
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

    /// <summary>By name and port alone: whoever ends TLS in front may call with another scheme.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? theirs)
        && Uri.TryCreate($"{theirs.Scheme}://{host.ToUriComponent()}", UriKind.Absolute, out Uri? own)
        && theirs.Authority.Length > 0
        && theirs.Authority.Equals(own.Authority, StringComparison.OrdinalIgnoreCase);
}
