namespace KapsoArchive.Sandbox.Media;

/// <summary>What the records say of their files: where they are, since when, and how often their links were signed anew.</summary>
internal sealed class BlobLinks(SandboxMedia options)
{
    private const ulong LateSalt = 0x1A7E;

    /// <summary>How the records' links begin if nobody serves them.</summary>
    public static ReadOnlySpan<byte> Elsewhere => "https://app.kapso.ai/rails/"u8;

    public SandboxMedia Options => options;

    /// <summary>The addresses of the API and of the storage service, once they are known.</summary>
    public Uri Host { get; set; } = new("http://127.0.0.1/");

    public Uri StorageHost { get; set; } = new("http://127.0.0.1/");

    public bool ShowsLateLinks { get; set; }

    public int Generation { get; set; }

    public bool IsLate(ulong signature, bool isOutbound) =>
        isOutbound && !ShowsLateLinks && Scramble.Fraction(Scramble.Bits(signature, LateSalt)) < options.LateLinks;

    public string Write(ulong signature, string fileName) => Write(new BlobLink(signature, Generation, fileName));

    public string Write(BlobLink link) => Host.GetLeftPart(UriPartial.Authority) + link.Path;
}
