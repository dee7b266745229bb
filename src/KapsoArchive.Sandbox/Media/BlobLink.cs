using System.Diagnostics.CodeAnalysis;

namespace KapsoArchive.Sandbox.Media;

/// <summary>A link to a file, which says all about it: the signature of its message, how often it was signed anew, and its name.</summary>
internal sealed record BlobLink(ulong Signature, int Generation, string FileName)
{
    public const string Blobs = "/rails/active_storage/blobs/redirect/";
    public const string Storage = "/storage/";
    private const string SignedPrefix = "eyJfcmFpbHMiOnt9fQ--";

    /// <summary>At the API's host.</summary>
    public string Path => $"{Blobs}{SignedPrefix}{Id}/{Uri.EscapeDataString(FileName)}";

    /// <summary>At the storage service.</summary>
    public string StoragePath => $"{Storage}{Id}/{Uri.EscapeDataString(FileName)}";

    /// <summary>The signature, and a different ending for each generation.</summary>
    public string Id => Generation == 0 ? $"{Signature:x16}" : $"{Signature:x16}{Generation ^ (int)Signature:x8}";

    public static ulong SignatureOf(string messageId) => Scramble.Hash(messageId);

    /// <param name="path">A path at either host, unescaped.</param>
    /// <param name="link">The link, if the path is one.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out BlobLink? link)
    {
        link = null;
        string[] parts = path.Replace(Blobs + SignedPrefix, Storage, StringComparison.Ordinal).Split('/');
        if (parts is not ["", "storage", { Length: 16 or 24 } id, var name]) return false;
        if (!ulong.TryParse(id.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong signature))
            return false;
        link = new BlobLink(signature, 0, name);
        if (id.Length == 16) return true;
        bool valid = int.TryParse(id.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int ending);
        link = link with { Generation = ending ^ (int)signature };
        return valid;
    }
}
