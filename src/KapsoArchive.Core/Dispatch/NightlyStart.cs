namespace KapsoArchive.Core.Dispatch;

/// <param name="RunId">The run that was begun, or that is under way; null where somebody is at work of whom no run is known.</param>
/// <param name="Reason">What keeps the nightly run from beginning, in a sentence; null where it was begun.</param>
public sealed record NightlyStart(NightlyOutcome Outcome, string? RunId, string? Reason);
