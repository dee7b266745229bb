using System.Buffers.Text;
using System.Security.Cryptography;
using KapsoArchive.Api.FrontDoor;

namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>Decides who may see the pages: callers with a key or a session, or everyone if no keys are configured. Provides each visitor's
/// form token.</summary>
internal sealed class Visitors(ApiKeys keys, Sessions sessions)
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>Returns the visitor; null if not authorized.</summary>
    public Visitor? Of(HttpRequest request)
    {
        if (!keys.AreNeeded)
            return Visitor.WithToken(TokenOf(""), canSignOut: false);
        if (keys.LetIn(request))
            return Visitor.WithKey;
        return SessionCookie.Of(request) is { } id && sessions.TryUse(id) ? Visitor.WithToken(TokenOf(id), canSignOut: true) : null;
    }

    /// <summary>Whether the key is valid. If so, starts a session for the browser.</summary>
    public bool TrySignIn(HttpContext context, string key)
    {
        if (!keys.Know(key))
            return false;
        if (SessionCookie.Of(context.Request) is { } before)
            sessions.End(before);
        SessionCookie.Set(context, sessions.Begin());
        return true;
    }

    public void SignOut(HttpContext context)
    {
        if (SessionCookie.Of(context.Request) is not { } id)
            return;
        sessions.End(id);
        SessionCookie.Remove(context);
    }

    private string TokenOf(string session) => Base64Url.EncodeToString(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(session)));
}
