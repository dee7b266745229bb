using System.Globalization;
using System.Text.Json;
using KapsoArchive.FunctionsHost.Protocol;
using NCrontab;

namespace KapsoArchive.FunctionsHost.Timers;

/// <summary>A function that a timer fires. Nothing fires by itself but at the start: a test fires it.</summary>
internal sealed class TimerTrigger(FunctionDeclaration function, JsonElement binding, AppSettings settings, Invoker invoker)
{
    public FunctionDeclaration Function => function;

    public bool RunsOnStartup => binding.TryGetProperty("runOnStartup", out JsonElement runs) && runs.GetBoolean();

    /// <summary>Why the function cannot be fired: "%ArchiveSchedule% without a value, or a malformed one, disables that function alone". Null
    /// if it can.</summary>
    public string? FindFault()
    {
        string written = FunctionDeclaration.Text(binding, "schedule")!;
        if (settings.Resolve(written) is not { } schedule)
            return $"The '{function.Name}' function is in error: '{written}' does not resolve to a value.";
        return IsSchedule(schedule)
            ? null
            : $"The '{function.Name}' function is in error: The schedule expression '{schedule}' was not recognized as a valid cron expression or timespan string.";
    }

    // "a timer as JSON with Schedule, ScheduleStatus, IsPastDue"
    public Task<InvocationOutcome> FireAsync(bool isPastDue, CancellationToken stopping)
    {
        string now = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        string json = JsonSerializer.Serialize(new { Schedule = new { AdjustForDST = true }, ScheduleStatus = new { Last = now, Next = now, LastUpdated = now }, IsPastDue = isPastDue });
        return invoker.InvokeAsync(function, new ParameterBinding { Name = FunctionDeclaration.Text(binding, "name")!, Data = new TypedData { Json = json } }, stopping);
    }

    private static bool IsSchedule(string text) =>
        CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 }) is not null
        || TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _);
}
