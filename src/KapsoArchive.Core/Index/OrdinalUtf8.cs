namespace KapsoArchive.Core.Index;

/// <summary>Compares UTF-8 texts as <see cref="StringComparer.Ordinal"/> compares their UTF-16 form, in which surrogate pairs precede the
/// last single units.</summary>
internal static class OrdinalUtf8
{
    private const byte AfterSurrogates = 0xEE;
    private const byte FourBytes = 0xF0;

    public static int Compare(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        int same = one.CommonPrefixLength(other);
        if (same == one.Length || same == other.Length)
            return one.Length - other.Length;
        (byte a, byte b) = (one[same], other[same]);
        bool differsFromUtf16 = a >= AfterSurrogates && b >= AfterSurrogates && (a >= FourBytes) != (b >= FourBytes);
        return differsFromUtf16 ? b - a : a - b;
    }
}
