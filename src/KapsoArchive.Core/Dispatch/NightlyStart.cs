namespace KapsoArchive.Core.Dispatch;

/// <param name="RunId">The run that was begun, or that is in progress; null if the archive is in use without a known run.</param>
/// <param name="Reason">What prevents the nightly run from beginning, in a sentence; null if it was begun.</param>
public sealed record NightlyStart(NightlyOutcome Outcome, string? RunId, string? Reason);
