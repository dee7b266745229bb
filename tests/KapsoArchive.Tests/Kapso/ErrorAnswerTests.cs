using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Tests.Kapso;

/// <summary>What answers that are no page turn into.</summary>
public sealed class ErrorAnswerTests
{
    [Theory]
    [InlineData("<html><body>Bad gateway</body></html>")]
    [InlineData("""{"data":[{"id":"m1"},{"id":"m""")]
    [InlineData("")]
    [InlineData("""{"meta":{"page":1}}""")]
    [InlineData("""{"data":null,"meta":{"page":1}}""")]
    [InlineData("""{"data":{"id":"m1"}}""")]
    [InlineData("""[{"id":"m1"}]""")]
    [InlineData("""{"data":[]} and more""")]
    [InlineData("null")]
    public async Task A_200_without_a_page_is_retried_and_then_reported_in_words(string body)
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(() => Answers.Body(body));
        await using TestSource source = TestSource.Over(transport);

        KapsoException exception = await source.FailAsync();

        exception.ShouldBeOfType<UnexpectedAnswerException>().Message.ShouldStartWith("The answer ");
        transport.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task A_truncated_page_is_read_completely_on_retry()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(() => Answers.Body(Answers.PageJson[..20]), Answers.Page);
        await using TestSource source = TestSource.Over(transport);

        (await source.GetPageAsync()).Records.Count.ShouldBe(1);
        transport.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task A_404_concerns_the_conversation_and_is_not_retried()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(404, """{"error":"WhatsApp conversation not found"}"""));
        await using TestSource source = TestSource.Over(transport);

        var exception = await Should.ThrowAsync<ConversationNotFoundException>(source.GetPageAsync);

        exception.Message.ShouldBe("not found");
        transport.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_404_of_the_list_points_at_the_base_URL()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(404));
        await using TestSource source = TestSource.Over(transport);

        var exception = await Should.ThrowAsync<KapsoException>(() => source.Client.GetConversationsAsync(1, 100, null, TestContext.Current.CancellationToken));

        exception.Message.ShouldContain("Kapso:BaseUrl");
        transport.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData(401, false)]
    [InlineData(401, true)]
    [InlineData(403, true)]
    public async Task A_refused_key_is_not_sent_again(int status, bool isList)
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(status, """{"error":"Invalid or missing API key"}"""));
        await using TestSource source = TestSource.Over(transport);

        (await Should.ThrowAsync<KeyRefusedException>(() => isList
            ? source.Client.GetConversationsAsync(1, 100, null, TestContext.Current.CancellationToken)
            : source.GetPageAsync())).Message.ShouldContain($"({status}). Check Kapso:ApiKey");
        transport.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"error":"Not your conversation."}""", "Kapso answered 403: Not your conversation.")]
    [InlineData("""{"error":"Ask +52 1 555 000-0001 or see https://help.example/?k=secret about 3c90c3cc-0d44-4b50-8888-8dd25736052a"}""", "Kapso answered 403: Ask (a number) or see (a link) about 3c90c3cc-0d44-4b50-8888-8dd25736052a.")]
    [InlineData("""{"error":"Contact 5215550000001 (2026-11-22) is blocked"}""", "Kapso answered 403: Contact (a number) (2026-11-22) is blocked.")]
    [InlineData("<html>", "Kapso answered 403.")]
    public async Task A_forbidden_conversation_is_reported_in_the_sources_words(string body, string message)
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(403, body));
        await using TestSource source = TestSource.Over(transport);

        (await Should.ThrowAsync<AccessForbiddenException>(source.GetPageAsync)).Message.ShouldBe(message);
        transport.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData(422, """{"error":"Invalid parameters","message":"per_page is too large"}""", "Kapso answered 422: Invalid parameters: per_page is too large.")]
    [InlineData(400, """{"message":"legacy_offset_pagination_limit_exceeded","max_page":50}""", "the source pages no further: legacy_offset_pagination_limit_exceeded")]
    [InlineData(400, """{"error":{"message":"Page is too far.","code":7}}""", "Kapso answered 400: Page is too far.")]
    [InlineData(400, """{"error":{"code":7}}""", "Kapso answered 400.")]
    [InlineData(400, """{"error":"two\nlines\u001b[31m"}""", "Kapso answered 400: two lines␛[31m.")]
    [InlineData(400, """{"error":"half \ud800"}""", "Kapso answered 400.")]
    [InlineData(400, """["error"]""", "Kapso answered 400.")]
    [InlineData(302, "", "Kapso answered 302.")]
    public async Task Another_refusal_is_reported_with_the_sources_message(int status, string body, string message)
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(status, body));
        await using TestSource source = TestSource.Over(transport);

        (await source.FailAsync()).Message.ShouldBe(message);
        transport.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_long_error_is_shortened()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(400, $$"""{"error":"{{new string('x', 10_000)}}"}"""));
        await using TestSource source = TestSource.Over(transport);

        (await source.FailAsync()).Message.Length.ShouldBeLessThan(300);
    }

    [Fact]
    public async Task A_gateways_error_page_is_retried_and_not_quoted()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(502, "<html>Bad gateway</html>"));
        await using TestSource source = TestSource.Over(transport);

        (await source.FailAsync()).Message.ShouldBe("Kapso answered 502.");
        transport.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_cut_off_ten_thousand_levels_deep_is_an_ordinary_error()
    {
        string deep = $$"""{"data":[{"id":"m1","metadata":{{new string('[', 10_000)}}""";
        using ScriptedTransport transport = ScriptedTransport.Answering(() => Answers.Body(deep), Answers.Status(422, new string('[', 10_000)));
        await using TestSource source = TestSource.Over(transport);

        (await source.FailAsync()).Message.ShouldBe("Kapso answered 422.");
        transport.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task A_byte_order_mark_is_not_part_of_the_page()
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(() => Answers.Body("\uFEFF" + Answers.PageJson));
        await using TestSource source = TestSource.Over(transport);

        (await source.GetPageAsync()).Records.Count.ShouldBe(1);
    }
}
