namespace KapsoArchive.Core.Archive;

/// <summary>A part of an archive's files. Their hashes decide, so every file is in exactly one part, however the archive grows.</summary>
/// <param name="Number">Starts at 0.</param>
/// <param name="Of">Number of parts.</param>
public sealed record VerificationPart(int Number, int Of)
{
    private const int Digits = 8;

    /// <summary>Into how many parts of this share an archive is divided: 20 for <c>5%</c>.</summary>
    /// <exception cref="SettingException">It is not a percentage.</exception>
    public static int CountOf(string share, string setting) =>
        double.TryParse(
            share.Trim().TrimEnd('%').TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent)
        && percent is >= 0.1 and <= 100
            ? (int)Math.Ceiling(100 / percent)
            : throw new SettingException(
                $"{setting}: {share} is not a share of the archive. Give a percentage from 0.1% to 100%, such as 5%.");

    public bool Has(ManifestFile file) =>
        file.Sha256.Length < Digits
        || !uint.TryParse(file.Sha256.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint hash)
        || hash % (uint)Of == (uint)Number;
}
