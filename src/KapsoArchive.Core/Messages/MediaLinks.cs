using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake.Fingerprints;

namespace KapsoArchive.Core.Messages;

/// <summary>Leaves out links to the files of messages. Such a link opens without a key, so it is a secret. A link that somebody wrote
/// stays, unless it is signed.</summary>
public static partial class MediaLinks
{
    private const string LeftOut = "[link left out]";

    /// <summary>Fewest hexadecimal digits of a signature.</summary>
    private const int ShortestDigest = 16;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The text with <c>[link left out]</c> in place of each link that the source added after <c>URL:</c>, names a stored file,
    /// or has a signature.</summary>
    public static string Without(string text) =>
        Token().Replace(
            Link().Replace(text, link => IsOfFile(link) ? LeftOut : link.Value), token => IsSignedId(token.Value) ? LeftOut : token.Value);

    /// <summary>The text without any link, for a text of which nobody knows how it was made.</summary>
    public static string WithoutAny(string text) => Without(Link().Replace(text, LeftOut));

    private static bool IsOfFile(Match link)
    {
        string address = link.Groups["address"].Value;
        return link.Groups["label"].Success || address.Contains("active_storage", StringComparison.OrdinalIgnoreCase)
            || (address.IndexOf('?', StringComparison.Ordinal) is >= 0 and int query
                && address[(query + 1)..].Split('&', ';').Any(p => IsSignature(p.Split('=')[0])));
    }

    private static bool IsSignature(string name) => SignatureParameters.IsSignature(Encoding.UTF8.GetBytes(name));

    /// <summary>Whether it has a signed id of Rails, which is enough to make the link.</summary>
    private static bool IsSignedId(string token)
    {
        int at = token.IndexOf("eyJ", StringComparison.Ordinal);
        while (at >= 0 && (at = token.IndexOf("--", at, StringComparison.Ordinal)) >= 0)
        {
            at += "--".Length;
            if (token.Length - at >= ShortestDigest && !token.AsSpan(at, ShortestDigest).ContainsAnyExcept(HexDigits))
                return true;
        }

        return false;
    }

    [GeneratedRegex(
        @"(?<label>\bURL: ?)?(?<address>https?:\\?/\\?/[^\s""<>]+)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(
        @"(?<![\w%+=/.-])(?>[\w%+=/.-]{24,})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
