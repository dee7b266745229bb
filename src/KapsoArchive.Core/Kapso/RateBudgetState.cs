namespace KapsoArchive.Core.Kapso;

/// <summary>How the rate budget stands at one moment.</summary>
/// <param name="Limit">Requests that the source allows in a window; null where it has announced none.</param>
/// <param name="Remaining">What the source said is left for all clients of the key, as of the newest answer in this window.</param>
/// <param name="Allowance">Requests that this process may send in a window, by <see cref="KapsoOptions.RateShare"/> and <see cref="KapsoOptions.RequestsPerMinute"/>; null where nothing bounds it.</param>
/// <param name="Sent">Requests of this process in this window.</param>
/// <param name="InFlight">Of all requests sent, those without an answer.</param>
/// <param name="Waiting">Requests that wait to be sent.</param>
/// <param name="WaitingSince">Since when a request has waited without a break; null where none waits.</param>
/// <param name="WaitingUntil">When the pause ends at the latest, for example the next full minute of the source's clock; null where none waits for a moment.</param>
public sealed record RateBudgetState(
    int? Limit, int? Remaining, int? Allowance, int Sent, int InFlight, int Waiting, DateTimeOffset? WaitingSince, DateTimeOffset? WaitingUntil);
