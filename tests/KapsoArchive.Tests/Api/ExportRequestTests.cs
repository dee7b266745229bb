using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace KapsoArchive.Tests.Api;

/// <summary>What is taken and what is refused when an export is asked for.</summary>
public class ExportRequestTests : ApiTest
{
    private const string Id = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

    public static TheoryData<string, string[]> WrongFields => new()
    {
        { "{}", ["conversations"] },
        { """{"conversations": null}""", ["conversations"] },
        { """{"conversations": "some"}""", ["conversations"] },
        { """{"conversations": 7}""", ["conversations"] },
        { """{"conversations": {}}""", ["conversations"] },
        { """{"conversations": []}""", ["conversations"] },
        { """{"conversations": ["a", "b c", "d", 4, null, ""]}""", ["conversations[1]", "conversations[3]", "conversations[4]", "conversations[5]"] },
        { """{"conversations": ["all"]}""", ["conversations[0]"] },
        { """{"conversations": "all", "source": "bot"}""", ["source"] },
        { """{"conversations": "all", "contact": "Ana"}""", ["contact"] },
        { """{"contact": ""}""", ["contact"] },
        { """{"contact": ["Ana"]}""", ["contact"] },
        { """{"contact": "nobody whom the archive knows"}""", ["contact"] },
        { """{"conversations": "all", "versions": "every"}""", ["versions"] },
        { """{"conversations": "all", "versions": "all"}""", ["versions"] },
        { """{"conversations": "all", "directions": "inbound", "types": []}""", ["directions", "types"] },
        { """{"conversations": "all", "directions": ["inbound", "inbond"], "types": ["text", "imege", 4]}""", ["directions[1]", "types[1]", "types[2]"] },
        { """{"conversations": "all", "source": ["archive"]}""", ["source"] },
        { """{"conversations": "all", "timeZone": "America/Lma"}""", ["timeZone"] },
        { """{"conversations": "all", "timeZone": -5}""", ["timeZone"] },
        { """{"conversations": ["a", "../b"]}""", ["conversations[1]"] },
        { """{"conversations": ["a\u0000b"]}""", ["conversations[0]"] },
        { """{"conversation": ["a"]}""", ["conversation", "conversations"] },
        { """{"conversations": "all", "Conversations": "all"}""", ["Conversations"] },
        { """{"conversations": "all", "\u001b[31m": 1}""", ["\u241b[31m"] },
        { """{"conversations": "all", "from": "2026-03-01"}""", ["from"] },
        { """{"conversations": "all", "from": "2026-03-01T00:00:00"}""", ["from"] },
        { """{"conversations": "all", "from": 5, "to": true}""", ["from", "to"] },
        { """{"conversations": "all", "from": "yesterday", "to": ""}""", ["from", "to"] },
        { """{"conversations": "all", "from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}""", ["from"] },
        { """{"conversations": "all", "from": "2026-03-01T01:00:00+01:00", "to": "2026-03-01T00:00:00Z"}""", ["from"] },
        { """{"conversations": "all", "formats": []}""", ["formats"] },
        { """{"conversations": "all", "formats": "parquet"}""", ["formats"] },
        { """{"conversations": "all", "formats": ["parquet", "xml", 3, "parquet,csv"]}""", ["formats[1]", "formats[2]", "formats[3]"] },
        { """{"conversations": [1], "from": "x", "to": "y", "formats": ["z"], "form": "w"}""", ["conversations[0]", "from", "to", "formats[0]", "form"] },
        { "[]", ["body"] },
        { "\"all\"", ["body"] },
        { "null", ["body"] },
        { "1e999999", ["body"] },
    };

    public static TheoryData<string> NoJson =>
    [
        "", " ", "{", "{]", "conversations=all", "{\"conversations\": \"all\",}", "{\"conversations\": \"all\"} {}", "// hm\n{}", "{\"conversations\": 'all'}", "{\"conversations\": NaN}",
        """{"conversations": "all", "conversations": ["a"]}""", """{"conversations": "all", "conv\u0065rsations": ["a"]}""",
        """{"conversations": ["\ud800"]}""", """{"conversations": "all", "\udc00": 1}""", """{"conversations": "all", "x": {"y": ["\ud83d"]}}""",
        """{"conversations": "all", "x": """ + new string('[', 100) + new string(']', 100) + "}", new string('[', 100_000),
    ];

    [Theory]
    [MemberData(nameof(WrongFields))]
    public async Task Every_wrong_field_is_named_with_the_fix(string json, string[] fields)
    {
        using HttpResponseMessage answer = await PostExportAsync(json);

        JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid", fields);
        foreach (JsonProperty field in problem.GetProperty("errors").EnumerateObject())
            field.Value.EnumerateArray().ShouldAllBe(sentence => (sentence.GetString()!.EndsWith('.') || sentence.GetString()!.EndsWith('?')) && sentence.GetString()!.Length > 20);
        await NothingWasBegunAsync();
    }

    [Fact]
    public async Task A_misspelt_field_is_reported_with_the_right_name()
    {
        using HttpResponseMessage answer = await PostExportAsync("""{"conversation": "all", "format": ["csv"], "until": "2026-03-01T00:00:00Z"}""");

        JsonElement errors = (await ShouldBeProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid", "conversation", "format", "until", "conversations")).GetProperty("errors");
        errors.GetProperty("conversation")[0].GetString().ShouldBe("There is no such field. Did you mean conversations?");
        errors.GetProperty("format")[0].GetString().ShouldBe("There is no such field. Did you mean formats?");
        errors.GetProperty("until")[0].GetString().ShouldBe("There is no such field. Use conversations, contact, from, to, formats, source, versions, media, directions, types, zip, timeZone, callbackUrl.");
    }

    [Fact]
    public async Task A_bare_date_is_refused_with_the_required_form()
    {
        using HttpResponseMessage answer = await PostExportAsync("""{"conversations": "all", "to": "2026-03-01"}""");

        (await ShouldBeProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid", "to")).GetProperty("errors").GetProperty("to")[0].GetString().ShouldNotBeNull().ShouldContain("ISO 8601 with an offset");
    }

    [Fact]
    public async Task Up_to_10_000_ids_are_accepted()
    {
        using HttpResponseMessage more = await PostExportAsync(Ids(10_001));
        (await ShouldBeProblemAsync(more, HttpStatusCode.UnprocessableEntity, "invalid", "conversations")).GetProperty("errors").GetProperty("conversations")[0].GetString().ShouldNotBeNull().ShouldContain("10001");

        using HttpResponseMessage most = await PostExportAsync(Ids(10_000));
        most.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task The_number_of_reported_wrong_fields_is_bounded()
    {
        using HttpResponseMessage answer = await PostExportAsync("{\"conversations\": [" + string.Join(',', Enumerable.Repeat("\"/\"", 9_000)) + "]}");

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await ReadAsync(answer)).GetProperty("errors").EnumerateObject().Count().ShouldBe(50);
    }

    [Theory]
    [MemberData(nameof(NoJson))]
    public async Task Invalid_JSON_is_refused(string body)
    {
        using HttpResponseMessage answer = await PostExportAsync(body);

        await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest, "bad-request");
        await NothingWasBegunAsync();
    }

    [Fact]
    public async Task Invalid_UTF_8_is_refused()
    {
        using var content = new ByteArrayContent([.. "{\"conversations\": [\""u8, 0xC3, 0x28, .. "\"]}"u8]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        using HttpResponseMessage answer = await Client.PostAsync("/api/exports", content, Cancellation);

        (await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest, "bad-request")).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("UTF-8");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json-patch+json")]
    [InlineData("nonsense")]
    public async Task A_body_with_another_content_type_is_refused(string? type)
    {
        using HttpContent content = Json("""{"conversations": "all"}""");
        content.Headers.Remove("Content-Type");
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);

        using HttpResponseMessage answer = await Client.PostAsync("/api/exports", content, Cancellation);

        await ShouldBeProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    public async Task JSON_in_UTF_8_is_accepted(string type)
    {
        using HttpContent content = Json($$"""{"conversations": ["{{Id}}"], "from": null, "to": null, "formats": null}""");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using HttpResponseMessage answer = await Client.PostAsync("/api/exports", content, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        using HttpContent content = Json("{}");
        content.Headers.ContentEncoding.Add("gzip");

        using HttpResponseMessage answer = await Client.PostAsync("/api/exports", content, Cancellation);

        await ShouldBeProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task A_byte_order_mark_is_accepted()
    {
        using HttpResponseMessage answer = await PostExportAsync("\uFEFF{\"conversations\": \"all\"}");

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_up_to_1_MB_is_accepted(bool chunked)
    {
        string json = "{\"conversations\": \"all\"}";
        using var most = new HttpRequestMessage(HttpMethod.Post, "/api/exports") { Content = Json(json.PadRight(1_048_576)), Headers = { TransferEncodingChunked = chunked } };
        using var more = new HttpRequestMessage(HttpMethod.Post, "/api/exports") { Content = Json(json.PadRight(1_048_577)), Headers = { TransferEncodingChunked = chunked } };

        using HttpResponseMessage refused = await Client.SendAsync(more, Cancellation);
        using HttpResponseMessage taken = await Client.SendAsync(most, Cancellation);

        await ShouldBeProblemAsync(refused, HttpStatusCode.RequestEntityTooLarge, "too-large");
        taken.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_truncated_body_is_refused()
    {
        string answer = await Door.SendRawAsync(
            Encoding.ASCII.GetBytes("POST /api/exports HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"conversations\": \"all\"}"), Cancellation);

        ApiHost.StatusOf(answer).ShouldBeOneOf(0, 400);
        await NothingWasBegunAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\tb")]
    public async Task An_operation_id_with_invalid_characters_is_refused(string operationId)
    {
        string answer = await Door.SendWholeAsync(
            Encoding.UTF8.GetBytes($"POST /api/exports HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nOperation-Id: {operationId}\r\nContent-Length: 24\r\nConnection: close\r\n\r\n{{\"conversations\": \"all\"}}"), Cancellation);

        ApiHost.StatusOf(answer).ShouldBe(400);
        answer.ShouldContain("Operation-Id");
        await NothingWasBegunAsync();
    }

    [Fact]
    public async Task An_operation_id_has_at_most_128_characters()
    {
        using HttpResponseMessage most = await PostExportAsync("""{"conversations": "all"}""", new string('~', 128));
        using HttpResponseMessage more = await PostExportAsync("""{"conversations": "all"}""", new string('~', 129));

        most.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await ShouldBeProblemAsync(more, HttpStatusCode.BadRequest, "bad-parameter", "Operation-Id");
    }

    [Fact]
    public async Task Several_operation_ids_are_refused()
    {
        string answer = await Door.SendWholeAsync(
            "POST /api/exports HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nOperation-Id: a\r\nOperation-Id: a\r\nContent-Length: 24\r\nConnection: close\r\n\r\n{\"conversations\": \"all\"}"u8.ToArray(), Cancellation);

        ApiHost.StatusOf(answer).ShouldBe(400);
        answer.ShouldContain("Operation-Id");
        await NothingWasBegunAsync();
    }

    private static string Ids(int count) => JsonSerializer.Serialize(new { conversations = Enumerable.Range(0, count).Select(i => $"c{i}") });

    private async Task NothingWasBegunAsync()
    {
        Files().ShouldBeEmpty();
        (await Door.MessagesAsync()).ShouldBeEmpty();
        Door.Problems.ShouldBeEmpty();
    }
}
