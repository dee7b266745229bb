using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Tests.Lake;

public sealed class ConversationExtraTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("""{"phone_number_id":"1555","metadata":{"a":[1]}}""")]
    public void Valid_JSON_stays_unchanged(string? json) => ConversationExtra.Of(json).ShouldBe(json);

    [Theory]
    [InlineData("""{"a":"half \ud83d"}""", "half \uFFFD")]
    [InlineData("""{"a":{"b":1,"b":2}}""", null)]
    [InlineData("""{"_record_base64":"mine","a":"half \ud83d"}""", "half \uFFFD")]
    public void JSON_that_strict_readers_refuse_is_repaired_and_the_original_kept(string json, string? a)
    {
        JsonElement extra = JsonDocument.Parse(ConversationExtra.Of(json)!).RootElement;

        Encoding.UTF8.GetString(extra.GetProperty("_record_base64").GetBytesFromBase64()).ShouldBe(json);
        if (a is not null)
            extra.GetProperty("a").GetString().ShouldBe(a);
    }

    [Fact]
    public void JSON_that_nests_too_deep_is_kept_as_Base64()
    {
        string json = $$"""{"a":{{new string('[', 300)}}{{new string(']', 300)}}}""";

        JsonElement extra = JsonDocument.Parse(ConversationExtra.Of(json)!).RootElement;

        Encoding.UTF8.GetString(extra.GetProperty("_record_base64").GetBytesFromBase64()).ShouldBe(json);
    }
}
