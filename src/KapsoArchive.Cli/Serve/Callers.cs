using KapsoArchive.Cli.Serve.Browser;

namespace KapsoArchive.Cli.Serve;

/// <summary>Whose limit a call counts against: its key, otherwise its session, otherwise its address.</summary>
internal sealed class Callers(ApiKeys keys, Sessions sessions)
{
    /// <summary>An opaque name of the caller. Invalid keys and sessions are ignored, so that they do not create a new caller.</summary>
    public string Of(HttpContext context)
    {
        if (keys.CallerOf(context.Request) is { } key)
            return $"key {key}";
        return SessionCookie.Of(context.Request) is { } id && sessions.CallerOf(id) is { } session
            ? $"session {session}"
            : $"address {ClientAddress.Of(context.Connection.RemoteIpAddress)}";
    }
}
