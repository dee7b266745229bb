namespace KapsoArchive.Core.Media;

/// <summary>Knows a file by its first bytes: a fixed signature, or what its container says that it holds.</summary>
internal static class MediaSignatures
{
    private static readonly MediaType Heic = new("image/heic", "heic");
    private static readonly MediaType Avif = new("image/avif", "avif");
    private static readonly MediaType Mp4 = new("video/mp4", "mp4");
    private static readonly MediaType M4a = new("audio/mp4", "m4a");

    private static readonly (byte[] Signature, MediaType Type)[] Fixed =
    [
        ([0xFF, 0xD8, 0xFF], new("image/jpeg", "jpg")),
        ([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], new("image/png", "png")),
        ([.. "GIF87a"u8], new("image/gif", "gif")),
        ([.. "GIF89a"u8], new("image/gif", "gif")),
        ([.. "II*\0"u8], new("image/tiff", "tif")),
        ([.. "MM\0*"u8], new("image/tiff", "tif")),
        ([.. "fLaC"u8], new("audio/flac", "flac")),
        ([.. "#!AMR\n"u8], new("audio/amr", "amr")),
        ([.. "#!AMR-WB\n"u8], new("audio/amr-wb", "awb")),
        ([.. "%PDF-"u8], new("application/pdf", "pdf")),
        ([.. @"{\rtf"u8], new("application/rtf", "rtf")),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], new("application/x-7z-compressed", "7z")),
        ([.. "Rar!\x1A\x07\0"u8], new("application/vnd.rar", "rar")),
        ([.. "Rar!\x1A\x07\x01\0"u8], new("application/vnd.rar", "rar")),
        ([0x1F, 0x8B, 0x08], new("application/gzip", "gz")),
    ];

    private static readonly string[] Mp4Brands =
        ["isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash"];

    private static readonly byte[] Theora = [0x80, .. "theora"u8];

    /// <summary>What the first sector after the header of an OLE file begins with.</summary>
    private static readonly (byte[] Signature, MediaType Type)[] OleContents =
    [
        ([0xEC, 0xA5, 0xC1, 0x00], new("application/msword", "doc")),
        ([0x09, 0x08, 0x10, 0x00, 0x00, 0x06, 0x05, 0x00], new("application/vnd.ms-excel", "xls")),
        ([0x0F, 0x00, 0xE8, 0x03], new("application/vnd.ms-powerpoint", "ppt")),
        ([0x00, 0x6E, 0x1E, 0xF0], new("application/vnd.ms-powerpoint", "ppt")),
        ([0xA0, 0x46, 0x1D, 0xF0], new("application/vnd.ms-powerpoint", "ppt")),
    ];

    /// <returns>Null if unknown.</returns>
    public static MediaType? Find(ReadOnlySpan<byte> head) =>
        Match(head, Fixed) ?? Riff(head) ?? IsoMedia(head) ?? Ogg(head) ?? AudioFrames.Find(head) ?? ZipSignature.Find(head)
        ?? Matroska(head) ?? Ole(head) ?? VCard(head) ?? Bitmap(head);

    private static MediaType? Match(ReadOnlySpan<byte> head, (byte[] Signature, MediaType Type)[] known)
    {
        foreach ((byte[] signature, MediaType type) in known)
        {
            if (head.StartsWith(signature))
                return type;
        }

        return null;
    }

    private static MediaType? Riff(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !head.StartsWith("RIFF"u8))
            return null;
        ReadOnlySpan<byte> form = head[8..12];
        return form.SequenceEqual("WEBP"u8) ? new("image/webp", "webp") : form.SequenceEqual("WAVE"u8) ? new("audio/wav", "wav") : null;
    }

    /// <summary>The brand of an <c>ftyp</c> box decides, then the brands it is compatible with. A general brand is a video: only the
    /// tracks, which often are at the end of the file, say that it is sound alone.</summary>
    private static MediaType? IsoMedia(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16 || !head[4..8].SequenceEqual("ftyp"u8))
            return null;
        uint size = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (size < 16)
            return null;
        string own = Encoding.Latin1.GetString(head[8..12]);
        if (Brand(own) is { } type)
            return type;
        List<string> others = [];
        for (int at = 16; at + 4 <= Math.Min(size, head.Length); at += 4)
            others.Add(Encoding.Latin1.GetString(head[at..(at + 4)]));
        if (own is "mif1" or "msf1" or "miaf")
            return others.Contains("avif") ? Avif : others.Select(Brand).FirstOrDefault(t => t == Heic) ?? new("image/heif", "heif");
        return !others.Append(own).Any(Mp4Brands.Contains) ? null : IsSoundAlone(others) ? M4a : Mp4;
    }

    private static bool IsSoundAlone(List<string> brands) => brands.Exists(b => b is "M4A\u0020") && !brands.Exists(b => b is "M4V\u0020");

    /// <returns>Null if the brand does not name a type.</returns>
    private static MediaType? Brand(string brand) => brand switch
    {
        "heic" or "heix" or "heim" or "heis" or "hevc" or "hevx" => Heic,
        "avif" or "avis" => Avif,
        "M4A " or "M4B " or "M4P " => M4a,
        "qt  " => new("video/quicktime", "mov"),
        ['3', 'g', '2', ..] => new("video/3gpp2", "3g2"),
        ['3', 'g', ..] => new("video/3gpp", "3gp"),
        _ => null,
    };

    private static MediaType? Ogg(ReadOnlySpan<byte> head) =>
        !head.StartsWith("OggS\0"u8) ? null
        : head.IndexOf(Theora) >= 0 ? new("video/ogg", "ogv")
        : new("audio/ogg", "ogg");

    private static MediaType? Matroska(ReadOnlySpan<byte> head)
    {
        int at = head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) ? head.IndexOf((ReadOnlySpan<byte>)[0x42, 0x82]) : -1;
        if (at < 0)
            return null;
        ReadOnlySpan<byte> documentType = head[at..Math.Min(head.Length, at + 20)];
        return documentType.IndexOf("webm"u8) >= 0 ? new("video/webm", "webm")
            : documentType.IndexOf("matroska"u8) >= 0 ? new("video/x-matroska", "mkv")
            : null;
    }

    private static MediaType? Ole(ReadOnlySpan<byte> head) =>
        !head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) ? null
        : (head.Length > 512 ? Match(head[512..], OleContents) : null) ?? new("application/x-ole-storage", "ole");

    private static MediaType? VCard(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? head[3..] : head;
        return text.Length > 11 && Ascii.EqualsIgnoreCase(text[..11], "BEGIN:VCARD"u8) && text[11] is (byte)'\r' or (byte)'\n'
            ? new("text/vcard", "vcf")
            : null;
    }

    /// <summary>Two letters alone would be found in any text, so the sizes of both headers must fit.</summary>
    private static MediaType? Bitmap(ReadOnlySpan<byte> head) =>
        head.Length >= 18 && head.StartsWith("BM"u8) && BinaryPrimitives.ReadUInt32LittleEndian(head[6..]) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124
            ? new("image/bmp", "bmp")
            : null;
}
