namespace KapsoArchive.Core.Lake.Parquet;

/// <summary>What a reader may believe of one column chunk. A bound that is null is not given.</summary>
internal sealed record ChunkStatistics(long NullCount, byte[]? Lower, bool LowerExact, byte[]? Upper, bool UpperExact)
{
    public static ChunkStatistics Of(long nullCount, in TextBounds bounds) =>
        new(nullCount, bounds.Lower(out bool lowerExact), lowerExact, bounds.Upper(out bool upperExact), upperExact);

    /// <summary>Of 64-bit integers; timestamps are microseconds.</summary>
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
