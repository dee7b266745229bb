namespace KapsoArchive.Core.Media;

/// <summary>The type of a file, by its own signature. Scalable graphics and web pages are not known on purpose: they can run
/// scripts.</summary>
/// <param name="Name">As registered with IANA, or as usual.</param>
/// <param name="Extension">Without a dot.</param>
internal sealed record MediaType(string Name, string Extension)
{
    /// <summary>Bytes at the beginning of a file that suffice to know it.</summary>
    public const int HeadLength = 4_096;

    public static MediaType Unknown { get; } = new("application/octet-stream", "bin");

    /// <param name="head">The first bytes of a file, up to <see cref="HeadLength"/>.</param>
    public static MediaType Of(ReadOnlySpan<byte> head) => MediaSignatures.Find(head) ?? Unknown;
}
