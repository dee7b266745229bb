using System.Security.Cryptography;

namespace KapsoArchive.Cli.Serve;

/// <summary>The accepted keys. They are stored and compared as hashes, so that a comparison takes constant time.</summary>
internal sealed class ApiKeys
{
    private const int MinLength = 16;

    private static readonly string[] Headers = ["x-functions-key", "X-API-Key"];

    private readonly byte[][] _hashes;

    private ApiKeys(byte[][] hashes) => _hashes = hashes;

    /// <summary>Whether callers need a key.</summary>
    public bool AreNeeded => _hashes.Length > 0;

    /// <exception cref="SettingException">A key is too short, or has characters that a header cannot carry.</exception>
    public static ApiKeys Parse(string? setting)
    {
        string[] keys = (setting ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i].Length < MinLength || !keys[i].All(c => c is > ' ' and < '\x7f'))
                throw new SettingException($"Api:Keys (environment Api__Keys): key {i + 1} must be {MinLength} or more visible ASCII " +
                    "characters without spaces. Make one with: openssl rand -hex 32");
        }

        return new ApiKeys([.. keys.Select(Hash)]);
    }

    /// <summary>Whether the request contains a valid key.</summary>
    public bool LetIn(HttpRequest request) => CallerOf(request) is not null;

    /// <summary>Whether the key is valid.</summary>
    public bool Know(string key)
    {
        byte[] given = Hash(key);
        bool known = false;
        foreach (byte[] hash in _hashes)
            known |= CryptographicOperations.FixedTimeEquals(hash, given);
        return known;
    }

    /// <summary>An opaque name for the request's key; null if the request has no valid key.</summary>
    public string? CallerOf(HttpRequest request) => KeyOf(request) is { } key && Know(key) ? Convert.ToHexString(Hash(key)) : null;

    private static string? KeyOf(HttpRequest request) =>
        Headers.Select(name => request.Headers[name].ToString()).FirstOrDefault(key => key.Length > 0)
        ?? (request.Query["code"].ToString() is { Length: > 0 } code ? code : null);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
