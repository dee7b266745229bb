namespace KapsoArchive.Core.Lake.Parquet;

/// <summary>The statistics of one column chunk in a file. A null bound is not written.</summary>
internal sealed record ChunkStatistics(long NullCount, byte[]? Lower, bool LowerExact, byte[]? Upper, bool UpperExact)
{
    public static ChunkStatistics Of(long nullCount, in TextBounds bounds) =>
        new(nullCount, bounds.Lower(out bool lowerExact), lowerExact, bounds.Upper(out bool upperExact), upperExact);

    /// <summary>Of 64-bit integers. Timestamps are microseconds.</summary>
    public static ChunkStatistics Of(ReadOnlySpan<long> values, long nullCount)
    {
        if (values.IsEmpty)
            return new(nullCount, null, true, null, true);
        long min = long.MaxValue;
        long max = long.MinValue;
        foreach (long value in values)
        {
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        byte[] lower = new byte[sizeof(long)];
        byte[] upper = new byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(lower, min);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(upper, max);
        return new(nullCount, lower, true, upper, true);
    }
}
