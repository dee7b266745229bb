using System.Diagnostics;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary>Shows the progress of work on stderr: one updated line on a terminal, otherwise a plain line every few seconds.</summary>
internal static class LiveLine
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    /// <param name="isQuiet">True to show nothing.</param>
    /// <param name="line">Formats the line from the elapsed time.</param>
    public static async Task<T> ShowAsync<T>(bool isQuiet, Func<TimeSpan, FormattableString> line, Func<Task<T>> work)
    {
        if (isQuiet)
            return await work();
        IAnsiConsole console = Terminal.OpenProgress();
        return Terminal.IsErrorRedirected || !console.Profile.Capabilities.Interactive
            ? await ShowPlainAsync(line, work)
            : await ShowLiveAsync(console, line, work);
    }

    public static string Clock(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    private static async Task<T> ShowLiveAsync<T>(IAnsiConsole console, Func<TimeSpan, FormattableString> line, Func<Task<T>> work)
    {
        long start = Stopwatch.GetTimestamp();
        return await console.Status().Spinner(Spinner.Known.Dots).StartAsync("Starting", async status =>
        {
            Task<T> running = work();
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while (!running.IsCompleted)
            {
                status.Status(Markup.Escape(line(Stopwatch.GetElapsedTime(start)).ToString(CultureInfo.InvariantCulture)));
                await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask());
            }

            return await running;
        });
    }

    private static async Task<T> ShowPlainAsync<T>(Func<TimeSpan, FormattableString> line, Func<Task<T>> work)
    {
        long start = Stopwatch.GetTimestamp();
        Task<T> running = work();
        using var timer = new PeriodicTimer(PlainInterval);
        while (await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask()) != running)
            await Terminal.TellAsync(line(Stopwatch.GetElapsedTime(start)).ToString(CultureInfo.InvariantCulture));
        return await running;
    }
}
