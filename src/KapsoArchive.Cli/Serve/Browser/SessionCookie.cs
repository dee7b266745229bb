namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>The cookie that holds a session's id. Scripts cannot read it, other sites cannot make the browser send it, and it ends when the
/// browser is closed.</summary>
internal static class SessionCookie
{
    private const string Name = "kapso-archive-session";

    public static string? Of(HttpRequest request) => request.Cookies[Name] is { Length: > 0 } id ? id : null;

    public static void Set(HttpContext context, string id) => context.Response.Cookies.Append(Name, id, Options(context.Request));

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context.Request));

    /// <summary>A proxy that terminates TLS reports it in the header. A client that forges the header loses only its own cookie.</summary>
    private static CookieOptions Options(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps || request.Headers["X-Forwarded-Proto"].ToString().Equals("https", StringComparison.OrdinalIgnoreCase),
        Path = $"{request.PathBase.ToUriComponent()}/",
        IsEssential = true,
    };
}
