namespace KapsoArchive.Core.Index;

/// <summary>Orders texts that lie as UTF-8 as <see cref="StringComparer.Ordinal"/> orders them as UTF-16: in that, what takes two units comes before the last of what takes one.</summary>
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
