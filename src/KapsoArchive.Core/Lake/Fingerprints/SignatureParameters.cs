namespace KapsoArchive.Core.Lake.Fingerprints;

/// <summary>Identifies by name the parameters that sign a link or let it expire: those of S3, CloudFront, Google, Azure, Aliyun, Meta and
/// custom schemes.</summary>
internal static class SignatureParameters
{
    private const int MaxNameLength = 64;

    /// <summary>Words that are sufficient in any name: <c>X-Amz-Date</c>, <c>Expires</c>, <c>access_token</c>, <c>authToken</c>.</summary>
    private static readonly HashSet<string> Signing = new(StringComparer.Ordinal)
    {
        "sig", "sign", "signature", "signed", "token", "exp", "expire", "expires", "expiry", "expiration", "hmac", "credential",
        "credentials", "jwt", "nonce", "hash", "secret", "verify",
        "amz", "goog", "nc", "hdnea", "hdnts",
    };

    /// <summary>Full names that count only together with a signature: alone, <c>t=90</c> is a position in a video.</summary>
    private static readonly HashSet<string> Beside = new(StringComparer.Ordinal)
    {
        // Azure
        "se", "st", "sp", "sv", "sr", "ss", "srt", "spr", "sip", "sdd", "si", "ske", "skt", "sks", "skv", "skoid", "sktid", "saoid",
        "suoid", "scid",
        "awsaccesskeyid", "googleaccessid", "ossaccesskeyid", "accesskeyid", "accessid", "key-pair-id", "keyname", "policy", "acl",
        "ccb", "oh", "oe", "edm", "ext", // Meta
        "e", "h", "s", "t", "ts", "ttl", "st", "time", "timestamp", "date", "validfrom", "validto", "validity", "md5", "digest", "auth",
        "kid", "alg", "algorithm",
    };

    private static readonly HashSet<string> Whole = new(StringComparer.Ordinal) { "auth_key", "wssecret", "wstime", "key-pair-id" };

    public static bool IsSignature(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > MaxNameLength)
            return false;
        string text = Encoding.Latin1.GetString(name);
        return Whole.Contains(text.ToLowerInvariant()) || Words(text).Any(word => Signing.Contains(word)
            || word.EndsWith("token", StringComparison.Ordinal) || word.EndsWith("signature", StringComparison.Ordinal));
    }

    public static bool GoesWithSignature(ReadOnlySpan<byte> name) =>
        name.Length <= MaxNameLength && Beside.Contains(Encoding.Latin1.GetString(name).ToLowerInvariant());

    private static IEnumerable<string> Words(string name)
    {
        int start = 0;
        for (int i = 1; i <= name.Length; i++)
        {
            bool ends = i == name.Length || !char.IsAsciiLetterOrDigit(name[i])
                || (char.IsAsciiLetterUpper(name[i]) && char.IsAsciiLetterLower(name[i - 1]));
            if (!ends)
                continue;
            while (start < i && !char.IsAsciiLetterOrDigit(name[start]))
                start++;
            if (start < i)
                yield return name[start..i].ToLowerInvariant();
            start = i;
        }
    }
}
