using System.Diagnostics;
using System.Globalization;
using KapsoArchive.Core.Runs;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary>Shows on stderr how far a run is: one line that renews itself on a terminal, a plain line every few seconds elsewhere.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    public static async Task<T> ShowAsync<T>(RunTracker tracker, Func<Task<T>> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive
            ? await ShowPlainAsync(tracker, work)
            : await ShowLiveAsync(console, tracker, work);
    }

    private static async Task<T> ShowLiveAsync<T>(IAnsiConsole console, RunTracker tracker, Func<Task<T>> work)
    {
        long start = Stopwatch.GetTimestamp();
        return await console.Status().Spinner(Spinner.Known.Dots).StartAsync("Starting", async status =>
        {
            Task<T> running = work();
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while (!running.IsCompleted)
            {
                status.Status(Markup.Escape(Line(tracker, Stopwatch.GetElapsedTime(start))));
                await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask());
            }

            return await running;
        });
    }

    private static async Task<T> ShowPlainAsync<T>(RunTracker tracker, Func<Task<T>> work)
    {
        long start = Stopwatch.GetTimestamp();
        Task<T> running = work();
        using var timer = new PeriodicTimer(PlainInterval);
        while (await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask()) != running)
            await Console.Error.WriteLineAsync(Line(tracker, Stopwatch.GetElapsedTime(start)));
        return await running;
    }

    private static string Line(RunTracker tracker, TimeSpan elapsed)
    {
        string waiting = tracker.WaitingUntil is { } until ? $", waiting for the rate limit until {until.UtcDateTime:HH:mm:ss} UTC" : "";
        string throttled = tracker.Throttled > 0 ? $", {tracker.Throttled:N0} throttled" : "";
        string notComplete = tracker.ConversationsNotComplete > 0 ? $" ({tracker.ConversationsNotComplete:N0} not complete)" : "";
        FormattableString line = tracker.Phase switch
        {
            RunPhase.Discovering => $"Looking for conversations: {tracker.Requests:N0} requests{throttled}, {Clock(elapsed)}{waiting}",
            RunPhase.Reading => $"Conversations {tracker.ConversationsDone:N0} of {tracker.Conversations:N0}{notComplete}, messages {tracker.Messages:N0}, requests {tracker.Requests:N0}{throttled}, {Clock(elapsed)}{Remaining(tracker, elapsed)}{waiting}",
            RunPhase.RebuildingIndex => $"Rebuilding the index from the parts, {Clock(elapsed)}",
            RunPhase.Publishing => $"Publishing {tracker.Messages:N0} messages, {Clock(elapsed)}",
            _ => $"Starting",
        };
        return line.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>As long again for each conversation as those before took: conversations differ, so it is a rough word, and none before the first is done.</summary>
    private static string Remaining(RunTracker tracker, TimeSpan elapsed) =>
        tracker is { ConversationsDone: > 0 and var done, Conversations: { } total } && total > done ? $", about {Clock(elapsed * ((double)(total - done) / done))} to go" : "";

    private static string Clock(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
