namespace KapsoArchive.Core.Lake;

/// <summary>A list of hashes as <c>sha256sum -c</c> reads it: a line <c>HASH  NAME</c> for each file, sorted by name.</summary>
internal static class HashSums
{
    public static byte[] Of(IEnumerable<(string Name, string Sha256)> files) => Encoding.UTF8.GetBytes(
        string.Concat(files.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => $"{f.Sha256}  {f.Name}\n")));

    /// <summary>The list of an export: its files, and its manifest.</summary>
    public static byte[] OfExport(Manifest manifest, ReadOnlySpan<byte> bytes) => Of(
        manifest.Files.Select(f => (f.Path, f.Sha256)).Distinct()
            .Append((RunLayout.ExportManifest, Convert.ToHexStringLower(SHA256.HashData(bytes)))));
}
