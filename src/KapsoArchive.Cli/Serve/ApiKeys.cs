using System.Security.Cryptography;
using System.Text;
using KapsoArchive.Core.Archive;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Cli.Serve;

/// <summary>The keys that are let in. They are kept and compared as hashes, so that a comparison takes the same time wherever it fails.</summary>
internal sealed class ApiKeys
{
    private const int MinLength = 16;

    private static readonly string[] Headers = ["x-functions-key", "X-API-Key"];

    private readonly byte[][] _hashes;

    private ApiKeys(byte[][] hashes) => _hashes = hashes;

    /// <summary>Whether a key is needed at all.</summary>
    public bool AreNeeded => _hashes.Length > 0;

    /// <exception cref="SettingException">A key is too short to be one, or cannot travel in a header.</exception>
    public static ApiKeys Parse(string? setting)
    {
        string[] keys = (setting ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i].Length < MinLength || !keys[i].All(c => c is > ' ' and < '\x7f'))
                throw new SettingException($"Api:Keys (environment Api__Keys): key {i + 1} must be {MinLength} or more visible ASCII characters without spaces. Make one with: openssl rand -hex 32");
        }

        return new ApiKeys([.. keys.Select(Hash)]);
    }

    /// <summary>Whether the request bears one of the keys.</summary>
    public bool LetIn(HttpRequest request) => CallerOf(request) is not null;

    /// <summary>Whether it is one of the keys.</summary>
    public bool Know(string key)
    {
        byte[] given = Hash(key);
        bool known = false;
        foreach (byte[] hash in _hashes)
            known |= CryptographicOperations.FixedTimeEquals(hash, given);
        return known;
    }

    /// <summary>Something that stands for the key that the request bears, and tells nothing of it; null if it bears none of the keys.</summary>
    public string? CallerOf(HttpRequest request) => KeyOf(request) is { } key && Know(key) ? Convert.ToHexString(Hash(key)) : null;

    private static string? KeyOf(HttpRequest request) =>
        Headers.Select(name => request.Headers[name].ToString()).FirstOrDefault(key => key.Length > 0)
        ?? (request.Query["code"].ToString() is { Length: > 0 } code ? code : null);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
