namespace KapsoArchive.Core.Kapso;

/// <summary>The range of time in which one window ends and the next begins, on this process's clock.</summary>
internal sealed record WindowTurn(DateTimeOffset Earliest, DateTimeOffset Latest)
{
    public TimeSpan Width => Latest - Earliest;

    public static WindowTurn operator +(WindowTurn turn, TimeSpan shift) => new(turn.Earliest + shift, turn.Latest + shift);
}
