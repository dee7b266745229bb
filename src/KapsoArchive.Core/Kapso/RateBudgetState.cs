namespace KapsoArchive.Core.Kapso;

/// <summary>The state of the rate budget at one moment.</summary>
/// <param name="Limit">Requests that the source allows per window; null if it has not announced a limit.</param>
/// <param name="Remaining">Requests left for all clients of the key, by the newest answer in this window.</param>
/// <param name="Allowance">Requests that this process may send per window, by <see cref="KapsoOptions.RateShare"/> and
/// <see cref="KapsoOptions.RequestsPerMinute"/>; null if unlimited.</param>
/// <param name="Sent">Requests that this process sent in this window.</param>
/// <param name="InFlight">Requests sent but not yet answered.</param>
/// <param name="Waiting">Requests waiting to be sent.</param>
/// <param name="WaitingSince">Since when at least one request has been waiting; null if the queue is empty.</param>
/// <param name="WaitingUntil">The latest end of the pause, for example the next full minute of the source's clock; null if no request waits
/// for a fixed time.</param>
public sealed record RateBudgetState(
    int? Limit, int? Remaining, int? Allowance, int Sent, int InFlight, int Waiting, DateTimeOffset? WaitingSince,
    DateTimeOffset? WaitingUntil);
