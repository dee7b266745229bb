using System.Text;
using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Tests.Kapso;

public sealed class ConversationSummaryTests
{
    [Fact]
    public void A_conversation_is_read_as_the_API_shows_it() =>
        Read("""{"id":"c1","phone_number":"+14155550123","status":"active","last_active_at":"2026-03-01T01:30:00.250+01:00","contact_name":"Ana"}""")
            .ShouldBe(new ConversationSummary("c1", "+14155550123", "Ana", "active", new DateTimeOffset(2026, 3, 1, 0, 30, 0, 250, TimeSpan.Zero)));

    [Theory]
    [InlineData("""{"id":"c1"}""")]
    [InlineData("""{"id":"c1","phone_number":null,"status":[],"last_active_at":"soon","contact_name":{"first":"Ana"}}""")]
    [InlineData("""{"id":"c1","contact_name":"half \ud800"}""")]
    public void What_is_absent_or_odd_is_left_open(string record) => Read(record).ShouldBe(new ConversationSummary("c1", null, null, null, null));

    [Theory]
    [InlineData("""{"id":null}""")]
    [InlineData("""{"id":""}""")]
    [InlineData("""{"id":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""["c1"]""")]
    [InlineData("null")]
    public void Without_an_id_there_is_no_conversation(string record) => Read(record).ShouldBeNull();

    private static ConversationSummary? Read(string record) => ConversationSummary.FromRecord(Encoding.UTF8.GetBytes(record));
}
