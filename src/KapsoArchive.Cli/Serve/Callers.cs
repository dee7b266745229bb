using KapsoArchive.Cli.Serve.Browser;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Cli.Serve;

/// <summary>Whose count a call goes to: that of its key, else of its session, else of the address that a stranger calls from.</summary>
internal sealed class Callers(ApiKeys keys, Sessions sessions)
{
    /// <summary>A name that tells nothing of key or session. Keys and sessions that are none make nobody another caller.</summary>
    public string Of(HttpContext context)
    {
        if (keys.CallerOf(context.Request) is { } key)
            return $"key {key}";
        return SessionCookie.Of(context.Request) is { } id && sessions.CallerOf(id) is { } session
            ? $"session {session}"
            : $"address {ClientAddress.Of(context.Connection.RemoteIpAddress)}";
    }
}
