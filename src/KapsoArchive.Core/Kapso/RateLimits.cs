namespace KapsoArchive.Core.Kapso;

/// <summary>The share of the source's limit that this process may use.</summary>
/// <param name="Share">0 to 1.</param>
internal sealed record RateLimits(double Share, int? RequestsPerMinute, TimeSpan Window)
{
    /// <summary>Requests per window, at least one; null if unlimited.</summary>
    public int? Allowance(int? limit)
    {
        // Decimal arithmetic, so that 0.29 of 100 is 29.
        int? shared = limit is { } announced ? (int)((decimal)Share * announced) : null;
        int? own = RequestsPerMinute is { } most ? (int)(most * (decimal)Window.Ticks / TimeSpan.TicksPerMinute) : null;
        int? least = shared is null ? own : own is null ? shared : Math.Min(shared.Value, own.Value);
        return least is null ? null : Math.Max(1, least.Value);
    }
}
