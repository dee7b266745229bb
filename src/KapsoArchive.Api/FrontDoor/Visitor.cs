using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>Who looks at the pages: how it is known that a form comes from one of them, and how one page leads to the next.</summary>
public sealed class Visitor
{
    internal const string TokenField = "token";

    private Visitor(string? token, bool canSignOut) => (Token, CanSignOut) = (token, canSignOut);

    /// <summary>
    /// One whose request bears a key, as that of the function app does. No browser adds a key by itself, so a form that bears one was sent on purpose. A link would not bear it, and no key is ever
    /// written into a page: such a page leads on by forms, which go to the page's own address as it stands in the browser.
    /// </summary>
    public static Visitor WithKey { get; } = new(token: null, canSignOut: false);

    /// <summary>What a form of this visitor holds; null where it needs nothing.</summary>
    internal string? Token { get; }

    internal bool CanSignOut { get; }

    /// <summary>Whether a link opens what it leads to.</summary>
    internal bool HasLinks => Token is not null;

    /// <summary>One whom the browser's cookie lets in, or whom nothing has to: any site can have his browser send a form, so that each must hold what only the pages know.</summary>
    /// <param name="token">What they know.</param>
    /// <param name="canSignOut">Whether there is a session to end.</param>
    public static Visitor WithToken(string token, bool canSignOut) => new(token, canSignOut);

    internal bool HasSent(IFormCollection form) =>
        Token is null || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(form[TokenField].ToString()), Encoding.UTF8.GetBytes(Token));
}
