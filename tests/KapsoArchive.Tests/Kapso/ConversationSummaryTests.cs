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
    public void Absent_or_odd_values_are_null(string record) => (Read(record)! with { Extra = null }).ShouldBe(new ConversationSummary("c1", null, null, null, null));

    [Theory]
    [InlineData("""{"id":"c1","phone_number":"+1","status":"active"}""", null)]
    [InlineData("""{"id":"c1","phone_number":null,"last_active_at":null}""", null)]
    [InlineData("""{"id":"c1","phone_number_id":"1555", "metadata": {"a":[1, 2]} ,"created_at":"2026-01-01","new":null}""", """{"phone_number_id":"1555","metadata": {"a":[1, 2]},"created_at":"2026-01-01","new":null}""")]
    [InlineData("""{"status":[],"id":"c1","last_active_at":"soon","contact_name":{"first":"Ana"},"phone_number":true}""", """{"status":[],"last_active_at":"soon","contact_name":{"first":"Ana"},"phone_number":true}""")]
    [InlineData("""{"a":1,"id":"c1","a":2,"a":{"a":3}}""", """{"a":{"a":3}}""")]
    [InlineData("""{"phone_number":[],"id":"c1","phone_number":"+1"}""", null)]
    public void Members_without_a_column_are_kept_each_name_once(string record, string? extra) => Read(record)!.Extra.ShouldBe(extra);

    [Fact]
    public void Ids_within_the_business_and_user_names_are_read()
    {
        ConversationSummary read = Read("""{"id":"c1","phone_number":null,"business_scoped_user_id":"PE.123","username":"ana","parent_user_id":"PE.ENT.1"}""")!;

        (read.BusinessScopedUserId, read.Username, read.Extra).ShouldBe(("PE.123", "ana", """{"parent_user_id":"PE.ENT.1"}"""));
    }

    [Theory]
    [InlineData("12.5")]
    [InlineData("\"12:30\"")]
    [InlineData("\"2026\"")]
    [InlineData("1773000000")]
    [InlineData("\"9999-12-31T23:59:59-08:00\"")]
    [InlineData("\"0001-01-01T00:00:00+02:00\"")]
    [InlineData("\"0000-00-00T00:00:00Z\"")]
    [InlineData("\"2026-02-30T00:00:00Z\"")]
    [InlineData("{\"$date\":[1]}")]
    public void An_unreadable_time_is_null_and_its_text_is_kept(string time)
    {
        ConversationSummary read = Read($$"""{"id":"c1","last_active_at":{{time}}}""")!;

        (read.Id, read.LastActiveAt, read.Extra).ShouldBe(("c1", null, $$"""{"last_active_at":{{time}}}"""));
    }

    [Theory]
    [InlineData("2026-03-01T02:30:00+02:00")]
    [InlineData("2026-03-01T00:30:00.0000000Z")]
    [InlineData("2026-03-01T00:30:00")]
    [InlineData("2026-03-01 00:30:00 UTC")]
    [InlineData("2026-03-01 02:30:00 +02:00")]
    [InlineData("2026-03-01T00:30Z")]
    public void A_time_is_read_in_several_forms(string time) =>
        Read($$"""{"id":"c1","last_active_at":"{{time}}"}""")!.LastActiveAt.ShouldBe(new DateTimeOffset(2026, 3, 1, 0, 30, 0, TimeSpan.Zero));

    [Fact]
    public void A_conversation_is_read_however_deep_another_field_nests() =>
        Read($$"""{"metadata":{{new string('[', 100_000)}}{{new string(']', 100_000)}},"id":"c1"}""").ShouldNotBeNull().Id.ShouldBe("c1");

    [Fact]
    public void An_id_that_no_URL_can_contain_is_ignored() => Read($$"""{"id":"{{new string('i', 70_000)}}"}""").ShouldBeNull();

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
