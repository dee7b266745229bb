namespace KapsoArchive.Query;

/// <summary>What one query may take.</summary>
public sealed record QueryLimits
{
    /// <summary>The longest time limit: an hour.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <summary>The most rows that an answer can have.</summary>
    public const int MostRows = 1_000_000;

    /// <summary>How long it may take; 60 seconds by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many rows the answer has at most; 1,000 by default.</summary>
    public int Rows { get; init; } = 1000;

    /// <summary>How many characters the values of the answer have at most, all together; 64 Mi by default.</summary>
    public long Characters { get; init; } = 64L << 20;

    /// <summary>The engine's memory in bytes: by default half of what this process may have, at most 4 GiB.</summary>
    public long Memory { get; init; } = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, 256L << 20, 4L << 30);

    /// <summary>What the engine may write to a private temporary folder when its memory is full, in bytes; 8 GiB by default.</summary>
    public long TemporaryBytes { get; init; } = 8L << 30;
}
