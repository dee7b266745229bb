using System.Globalization;

namespace KapsoArchive.Cli;

/// <summary>Shows the progress of a run on stderr.</summary>
internal static class RunProgress
{
    public static Task<T> ShowAsync<T>(bool isQuiet, RunTracker tracker, Func<Task<T>> work) =>
        LiveLine.ShowAsync(isQuiet, elapsed => Line(tracker, elapsed), work);

    private static FormattableString Line(RunTracker tracker, TimeSpan elapsed)
    {
        string waiting = tracker.WaitingUntil is { } until ? $", waiting for the rate limit until {until.UtcDateTime:HH:mm:ss} UTC" : "";
        string throttled = tracker.Throttled > 0 ? $", {tracker.Throttled:N0} throttled" : "";
        string notComplete = tracker.ConversationsNotComplete > 0 ? $" ({tracker.ConversationsNotComplete:N0} not complete)" : "";
        string requests = string.Create(
            CultureInfo.InvariantCulture, $"messages {tracker.Messages:N0}, requests {tracker.Requests:N0}{throttled}");
        string time = $"{LiveLine.Clock(elapsed)}{Remaining(tracker, elapsed)}{waiting}";
        return tracker.Phase switch
        {
            RunPhase.Discovering =>
                $"Looking for conversations: {tracker.Requests:N0} requests{throttled}, {LiveLine.Clock(elapsed)}{waiting}",
            RunPhase.Reading =>
                $"Conversations {tracker.ConversationsDone:N0} of {tracker.Conversations:N0}{notComplete}, {requests}, {time}",
            RunPhase.RebuildingIndex => $"Rebuilding the index from the parts, {LiveLine.Clock(elapsed)}",
            RunPhase.Publishing => $"Publishing {tracker.Messages:N0} messages, {LiveLine.Clock(elapsed)}",
            _ => $"Starting",
        };
    }

    /// <summary>A rough estimate from the average time per conversation so far; empty before the first one is done.</summary>
    private static string Remaining(RunTracker tracker, TimeSpan elapsed) =>
        tracker is { ConversationsDone: > 0 and var done, Conversations: { } total } && total > done
            ? $", about {LiveLine.Clock(elapsed * ((double)(total - done) / done))} to go" : "";
}
