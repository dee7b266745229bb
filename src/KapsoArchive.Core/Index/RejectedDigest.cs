namespace KapsoArchive.Core.Index;

/// <summary>Order-independent digest of a set of rejected records. Raw line breaks count as spaces, as in <c>_rejected</c>.</summary>
internal static class RejectedDigest
{
    public static ulong Add(ulong digest, ReadOnlySpan<byte> record)
    {
        byte[] line = record.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return unchecked(digest + XxHash3.HashToUInt64(line));
    }
}
