using System.Globalization;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Dispatch;

namespace KapsoArchive.Tests.Dispatch;

public sealed class NightlyScheduleTests
{
    [Theory]
    [InlineData(null, "2026-11-22T01:59:59Z", "2026-11-22T02:00:00Z")]
    [InlineData(" ", "2026-11-22T02:00:00Z", "2026-11-23T02:00:00Z")]
    [InlineData("30 15 4 * * *", "2026-11-22T04:15:29.9999999Z", "2026-11-22T04:15:30Z")]
    [InlineData("*/10 * * * * *", "2026-12-31T23:59:51Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 2 * * 1-5", "2026-11-20T02:00:00Z", "2026-11-23T02:00:00Z")]
    [InlineData("0 0 2 * * SUN", "2026-11-23T00:00:00Z", "2026-11-29T02:00:00Z")]
    [InlineData("0 0 2 1 JAN *", "2026-11-23T00:00:00Z", "2027-01-01T02:00:00Z")]
    [InlineData("0 0 2 29 2 *", "2026-11-23T00:00:00Z", "2028-02-29T02:00:00Z")]
    [InlineData("0 0 2 29 2 *", "2096-02-29T02:00:00Z", "2104-02-29T02:00:00Z")]
    [InlineData("0 0 2 31 * *", "2026-08-31T02:00:00Z", "2026-10-31T02:00:00Z")]
    [InlineData("0 0 2 29 2 MON", "2024-01-01T00:00:00Z", "2044-02-29T02:00:00Z")]
    public void It_occurs_when_its_six_fields_say(string? expression, string after, string due) => NightlySchedule.Parse(expression).After(At(after)).ShouldBe(At(due));

    [Theory]
    [InlineData("0 2 * * *", "2026-11-22T02:00:00Z")]
    [InlineData(" 0 0 3 * * * ", "2026-11-22T03:00:00Z")]
    public void The_schedule_of_a_function_app_can_omit_the_seconds(string expression, string due) =>
        NightlySchedule.ParseOfFunctions(expression).After(At("2026-11-22T01:59:59Z")).ShouldBe(At(due));

    [Theory]
    [InlineData(null, "ArchiveSchedule is missing, so no nightly run starts. Set it to \"0 0 2 * * *\" ")]
    [InlineData(" ", "ArchiveSchedule is missing, ")]
    [InlineData("nightly", "ArchiveSchedule: \"nightly\" is not a schedule. Write six fields: ")]
    public void A_function_app_without_a_schedule_says_how_to_write_one(string? expression, string sentence) =>
        Should.Throw<SettingException>(() => NightlySchedule.ParseOfFunctions(expression)).Message.ShouldStartWith(sentence);

    [Theory]
    [InlineData("2026-03-29T00:00:00Z", "2026-03-29T02:30:00Z")] // In Berlin there was no half past two in that night.
    [InlineData("2026-10-25T02:29:59Z", "2026-10-25T02:30:00Z")] // And two of them in this one.
    [InlineData("2026-10-25T02:30:00Z", "2026-10-26T02:30:00Z")]
    [InlineData("2026-07-01T04:29:59+02:00", "2026-07-01T02:30:00Z")]
    public void The_schedule_is_in_UTC_without_summer_time(string after, string due)
    {
        DateTimeOffset next = NightlySchedule.Parse("0 30 2 * * *").After(At(after));

        (next, next.Offset).ShouldBe((At(due), TimeSpan.Zero));
    }

    [Theory]
    [InlineData("0 2 * * *")]
    [InlineData("0 0 0 2 * * *")]
    [InlineData("0 0 24 * * *")]
    [InlineData("60 0 2 * * *")]
    [InlineData("0 0 2 0 * *")]
    [InlineData("0 0 2 * 13 *")]
    [InlineData("0 0 2 * * 8")]
    [InlineData("0 0 -2 * * *")]
    [InlineData("nightly")]
    [InlineData("1.00:00:00")]
    [InlineData("%ArchiveSchedule%")]
    public void An_invalid_schedule_is_refused_with_an_example(string expression)
    {
        string message = Should.Throw<SettingException>(() => NightlySchedule.Parse(expression)).Message;

        message.ShouldStartWith($"ArchiveSchedule: \"{expression}\" is not a schedule. Write six fields: ");
        message.ShouldContain("\"0 0 2 * * *\"");
    }

    [Theory]
    [InlineData("0 0 2 30 2 *")]
    [InlineData("0 0 2 31 2,4,6,9,11 *")]
    public void A_schedule_that_never_occurs_is_refused(string expression) =>
        Should.Throw<SettingException>(() => NightlySchedule.Parse(expression)).Message.ShouldStartWith($"ArchiveSchedule: \"{expression}\" never occurs. ");

    [Fact]
    public void At_the_end_of_time_there_is_no_next_occurrence()
    {
        DateTimeOffset due = NightlySchedule.Parse(null).After(DateTimeOffset.MaxValue.AddHours(-1));

        due.ShouldBe(DateTimeOffset.MaxValue);
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
