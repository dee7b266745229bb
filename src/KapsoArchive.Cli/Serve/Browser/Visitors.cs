using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KapsoArchive.Api.FrontDoor;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>Knows who may look at the pages: whoever bears a key or has signed in with one, and everybody where there are none. Gives each what his forms must hold.</summary>
internal sealed class Visitors(ApiKeys keys, Sessions sessions)
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>Null for a stranger.</summary>
    public Visitor? Of(HttpRequest request)
    {
        if (!keys.AreNeeded)
            return Visitor.WithToken(TokenOf(""), canSignOut: false);
        if (keys.LetIn(request))
            return Visitor.WithKey;
        return SessionCookie.Of(request) is { } id && sessions.TryUse(id) ? Visitor.WithToken(TokenOf(id), canSignOut: true) : null;
    }

    /// <summary>Whether the key is one. If so, the browser has a session from now on.</summary>
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
