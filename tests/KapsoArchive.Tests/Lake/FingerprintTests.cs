using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

public sealed class FingerprintTests
{
    private const string Photo =
        """{"id":"1","content":"Image attached (a.jpg) URL: https://x.test/a--SIGNATURE/a.jpg","media_url":"https://x.test/a--SIGNATURE/a.jpg","status":"sent","metadata":{"a":1},"message_type_data":{"caption":"c"},"edited":false}""";

    [Fact]
    public void A_link_with_a_new_signature_is_not_a_change() => Of(Photo.Replace("SIGNATURE", "another-signature")).ShouldBe(Of(Photo));

    [Theory]
    [InlineData("""{"id":"1","media_url":"https://x.test/1"}""", """{"id":"1","media_url":null}""")]
    [InlineData("""{"id":"1","media_url":"https://x.test/1"}""", """{"id":"1"}""")]
    [InlineData("""{"id":"1","media_url":""}""", """{"id":"1"}""")]
    [InlineData("""{"id":"1","message_type_data":{"link":"https://x.test/1?sig=2"}}""", """{"id":"1","message_type_data":{"link":null}}""")]
    public void An_added_or_removed_link_is_a_change(string with, string without) => Of(with).ShouldNotBe(Of(without));

    [Fact]
    public void Without_a_link_both_versions_give_the_same_fingerprint()
    {
        MessageRow row = Rows.Flatten("""{"id":"1","content":"a: b","status":"sent","metadata":{"a":1},"message_type_data":{"caption":"c"},"edited":false}""");

        Fingerprint.Of(row, version: 1).ShouldBe(Fingerprint.Of(row, version: 2));
    }

    [Fact]
    public void Fingerprints_of_the_first_version_stay_as_archived() => Fingerprint.Of(Rows.Flatten(Photo), version: 1).ShouldBe(16964599779151878463);

    [Theory]
    [InlineData("\"status\":\"sent\"", "\"status\":\"read\"")]
    [InlineData("\"status\":\"sent\"", "\"processing_status\":\"sent\"")]
    [InlineData("Image attached", "image attached")]
    [InlineData("{\"a\":1}", "{\"a\":2}")]
    [InlineData("{\"caption\":\"c\"}", "{\"caption\":\"d\"}")]
    [InlineData("\"edited\":false", "\"edited\":true")]
    [InlineData("\"edited\":false", "\"created_at\":\"2026-11-22T00:00:00Z\"")]
    [InlineData("\"edited\":false", "\"updated_at\":\"2026-11-22T00:00:00Z\"")]
    [InlineData(" URL: https://x.test/a--SIGNATURE/a.jpg", " URL: https://x.test/b--SIGNATURE/a.jpg")]
    public void Any_other_difference_is_a_change(string before, string after)
    {
        Photo.ShouldContain(before);
        Of(Photo.Replace(before, after)).ShouldNotBe(Of(Photo));
    }

    [Fact]
    public void Another_position_is_not_a_change()
    {
        MessageRow row = Rows.Flatten(Photo);
        row.Position = -3;

        Fingerprint.Of(row).ShouldBe(Of(Photo));
    }

    [Fact]
    public void Null_and_absent_are_equal() =>
        Of("""{"id":"1","content":"a","metadata":null,"created_at":null}""").ShouldBe(Of("""{"id":"1","content":"a"}"""));

    [Fact]
    public void The_empty_text_is_not_null() => Of("""{"id":"1","content":""}""").ShouldNotBe(Of("""{"id":"1","content":null}"""));

    [Fact]
    public void Text_moved_between_neighbouring_fields_is_a_change() =>
        Of("""{"id":"1","status":"ab","processing_status":"c"}""").ShouldNotBe(Of("""{"id":"1","status":"a","processing_status":"bc"}"""));

    [Fact]
    public void A_line_break_between_tokens_equals_the_space_in_JSONL() =>
        Of("{\"id\":\"1\",\"metadata\":{\r\n\"a\":1},\"other\":[\n1]}").ShouldBe(Of("{\"id\":\"1\",\"metadata\":{  \"a\":1},\"other\":[ 1]}"));

    [Theory]
    [InlineData("3c90c3cc-0d44-4b50-8888-8dd25736052a", true)]
    [InlineData("00000000-0000-0000-0000-000000000000", true)]
    [InlineData("3C90C3CC-0D44-4B50-8888-8DD25736052A", false)]
    [InlineData("3c90c3cc0d444b5088888dd25736052a", false)]
    [InlineData("{3c90c3cc-0d44-4b50-8888-8dd25736052}", false)]
    [InlineData("3c90c3cc-0d44-4b50-8888-8dd25736052g", false)]
    [InlineData("12345", false)]
    [InlineData("", false)]
    public void The_key_of_a_UUID_gives_back_the_id(string id, bool isUuid)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(id);
        MessageKey.IsUuid(bytes).ShouldBe(isUuid);
        (MessageKey.ToUuid(MessageKey.Of(bytes)) == id).ShouldBe(isUuid);
    }

    private static ulong Of(string record) => Fingerprint.Of(Rows.Flatten(System.Text.Encoding.UTF8.GetBytes(record)));
}
