using KapsoArchive.Core.Text;

namespace KapsoArchive.Tests.Pages;

/// <summary>Times in a zone that the reader chooses. The build has no ICU, and an image may have no zones.</summary>
public sealed class ReadingZoneTests
{
    [Theory]
    [InlineData("UTC", "2026-07-01T12:00:00+00:00", "")]
    [InlineData("America/Lima", "2026-07-01T07:00:00-05:00", "12:00 UTC")]
    [InlineData("europe/madrid", "2026-07-01T14:00:00+02:00", "12:00 UTC")]
    [InlineData("Asia/Kolkata", "2026-07-01T17:30:00+05:30", "12:00 UTC")]
    [InlineData("Pacific/Kiritimati", "2026-07-02T02:00:00+14:00", "2026-07-01 12:00 UTC")]
    public void A_time_is_local_with_UTC_beside_it(string name, string local, string beside)
    {
        var noon = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
        ReadingZone zone = ReadingZone.Find(name)!;

        zone.Local(noon).ToString("yyyy-MM-dd'T'HH:mm:sszzz").ShouldBe(local);
        zone.UtcBeside(noon).ShouldBe(beside);
        zone.Local(noon).ShouldBe(noon, "it is the same moment");
    }

    [Fact]
    public void A_day_begins_when_it_begins_there_even_without_a_midnight()
    {
        ReadingZone.Find("America/Lima")!.StartOf(new DateOnly(2026, 3, 1)).ShouldBe(new DateTimeOffset(2026, 3, 1, 5, 0, 0, TimeSpan.Zero));
        ReadingZone.Find("America/Santiago")!.StartOf(new DateOnly(2025, 9, 7)).ShouldBe(new DateTimeOffset(2025, 9, 7, 4, 0, 0, TimeSpan.Zero)); // 00:00 becomes 01:00.
    }

    [Theory]
    [InlineData("America/Lma", "America/Lima")]
    [InlineData("Lima", "America/Lima")]
    [InlineData("mexico city", "America/Mexico_City")]
    [InlineData("Europe/Madird", "Europe/Madrid")]
    public void A_wrong_name_gets_a_suggestion(string name, string meant)
    {
        ReadingZone.Find(name).ShouldBeNull();
        ReadingZone.Objection(name).ShouldBe($"There is no time zone {name}. Did you mean {meant}?");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u001B[31mnowhere at all\u202E")]
    public void A_name_like_no_zone_gets_an_example_and_no_control_characters(string name)
    {
        ReadingZone.Objection(name).ShouldEndWith(". Give a name of the tz database, such as America/Lima.");
        ReadingZone.Objection(name).ShouldNotContain("\u001B");
        ReadingZone.Objection(name).ShouldNotContain("\u202E");
    }

    [Fact]
    public void Every_offered_zone_shows_every_time_that_a_message_can_have()
    {
        ReadingZone.All.Count.ShouldBeGreaterThan(300);
        foreach (string name in ReadingZone.Common.Concat(ReadingZone.All))
        {
            ReadingZone zone = ReadingZone.Find(name).ShouldNotBeNull(name);
            foreach (DateTimeOffset time in (DateTimeOffset[])[DateTimeOffset.MinValue, new(1800, 1, 1, 0, 0, 0, TimeSpan.Zero), new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero), DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue])
                zone.Local(time).ShouldBe(time, name);
        }
    }
}
