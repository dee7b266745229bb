using System.Security.Cryptography;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>A user of the pages: how their forms prove their origin, and how pages link to each other.</summary>
public sealed class Visitor
{
    internal const string TokenField = "token";

    private Visitor(string? token, bool canSignOut) => (Token, CanSignOut) = (token, canSignOut);

    /// <summary>A user whose request contains a key, as in the function app. No browser adds a key by itself, so a form with a key was sent
    /// on purpose. A link would lack the key, and no key is written into a page: such pages use forms, which are sent to the page's own
    /// address.</summary>
    public static Visitor WithKey { get; } = new(token: null, canSignOut: false);

    /// <summary>The token in this visitor's forms; null if not needed.</summary>
    internal string? Token { get; }

    internal bool CanSignOut { get; }

    /// <summary>Whether links work without a key in the address.</summary>
    internal bool HasLinks => Token is not null;

    /// <summary>A user who is identified by a cookie, or who needs no key. Any site can make their browser send a form, so each form must
    /// contain a token.</summary>
    /// <param name="token">The token that only the pages know.</param>
    /// <param name="canSignOut">Whether the user has a session.</param>
    public static Visitor WithToken(string token, bool canSignOut) => new(token, canSignOut);

    internal bool HasSent(IFormCollection form) =>
        Token is null
            || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(form[TokenField].ToString()), Encoding.UTF8.GetBytes(Token));
}
