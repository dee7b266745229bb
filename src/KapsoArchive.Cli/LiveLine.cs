using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary>Shows on stderr how far some work is: one line that renews itself on a terminal, a plain line every few seconds elsewhere.</summary>
internal static class LiveLine
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    /// <param name="isQuiet">Whether nothing is shown.</param>
    /// <param name="line">Makes the line, from the time that has passed.</param>
    /// <param name="work">What is waited for.</param>
    public static async Task<T> ShowAsync<T>(bool isQuiet, Func<TimeSpan, FormattableString> line, Func<Task<T>> work)
    {
        if (isQuiet)
            return await work();
        IAnsiConsole console = Terminal.OpenProgress();
        return Terminal.IsErrorRedirected || !console.Profile.Capabilities.Interactive
            ? await ShowPlainAsync(line, work)
            : await ShowLiveAsync(console, line, work);
    }

    public static string Clock(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

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
