using System.Net;
using System.Text;
using System.Text.Json;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Mcp;

/// <summary>Who may speak to <c>/mcp</c>, and how much.</summary>
public sealed class AgentAccessTests : AgentTest
{
    private static readonly string[] MalformedCalls =
    [
        "not JSON", "[]", "{}", """{"jsonrpc":"2.0","id":1}""", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":7}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"secret-name"}}""", $"{new string('[', 5_000)}{new string(']', 5_000)}",
    ];

    private const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    [Fact]
    public async Task Without_the_key_an_agent_learns_only_that_it_needs_one()
    {
        ServeHost server = await ServeAsync();
        await using AgentClient none = await AgentClient.OverHttpAsync(server.Http.BaseAddress!);
        await using AgentClient wrong = await AgentClient.OverHttpAsync(server.Http.BaseAddress!, "X-API-Key", $"{Key}x");

        foreach (AgentClient agent in (AgentClient[])[none, wrong])
            agent.Greeting.GetProperty("failure").GetString()!.ShouldContain("A key is needed");
    }

    [Fact]
    public async Task A_page_of_another_site_is_refused_even_with_the_key()
    {
        ServeHost server = await ServeAsync();

        foreach ((string name, string value) in ((string, string)[])[("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", "http://127.0.0.1:1"), ("Sec-Fetch-Site", "cross-site")])
        {
            foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Get, HttpMethod.Delete])
            {
                using HttpResponseMessage answer = await SendAsync(server, ListTools, method, (name, value));

                answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} with {name} {value}");
            }
        }
    }

    [Fact]
    public async Task Without_keys_a_name_that_leads_here_is_refused()
    {
        ServeHost server = await ServeAsync(new KeyValuePair<string, string?>("Api:Keys", ""));

        using HttpResponseMessage rebound = await SendAsync(server, ListTools, HttpMethod.Post, ("Host", "evil.example"), ("Origin", "http://evil.example"));
        using HttpResponseMessage local = await SendAsync(server, ListTools, HttpMethod.Post);

        (rebound.StatusCode, local.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.OK));
    }

    [Fact]
    public async Task Nothing_is_kept_between_calls_and_only_calls_are_accepted()
    {
        ServeHost server = await ServeAsync();

        using HttpResponseMessage call = await SendAsync(server, ListTools, HttpMethod.Post);
        using HttpResponseMessage stream = await SendAsync(server, "", HttpMethod.Get);
        using HttpResponseMessage end = await SendAsync(server, "", HttpMethod.Delete);

        call.StatusCode.ShouldBe(HttpStatusCode.OK);
        call.Headers.Contains("Mcp-Session-Id").ShouldBeFalse();
        call.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (stream.StatusCode, end.StatusCode).ShouldBe((HttpStatusCode.MethodNotAllowed, HttpStatusCode.MethodNotAllowed));
    }

    [Fact]
    public async Task A_malformed_call_is_the_callers_fault()
    {
        ServeHost server = await ServeAsync();
        foreach (string body in MalformedCalls)
        {
            using HttpResponseMessage answer = await SendAsync(server, body, HttpMethod.Post);

            ((int)answer.StatusCode).ShouldBeLessThan(500, body);
            string text = await answer.Content.ReadAsStringAsync(Cancellation);
            text.ShouldContain("error", customMessage: body);
            text.ShouldNotContain("   at ");
        }

        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_large_call_is_refused()
    {
        ServeHost server = await ServeAsync();

        string body = JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = "list_conversations", arguments = new { text = new string('x', 70_000) } } });
        using HttpResponseMessage answer = await SendAsync(server, body, HttpMethod.Post);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Calls_count_against_the_limit_of_the_key()
    {
        ServeHost server = await ServeAsync(new KeyValuePair<string, string?>("Api:RequestsPerMinute", "5"));
        List<HttpStatusCode> answers = [];
        for (int i = 0; i < 6; i++)
        {
            using HttpResponseMessage answer = await SendAsync(server, ListTools, HttpMethod.Post);
            answers.Add(answer.StatusCode);
        }

        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);
        answers[..5].ShouldAllBe(a => a == HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        ServeHost server = await ServeAsync(new KeyValuePair<string, string?>("Serve:Mcp", "false"));

        using HttpResponseMessage answer = await SendAsync(server, ListTools, HttpMethod.Post);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("Default")]
    [InlineData("ModelContextProtocol")]
    public async Task Even_at_the_most_verbose_level_no_question_and_no_answer_is_logged(string category)
    {
        var talk = new Talk("dddddddd-1111-4111-8111-111111111111", "Zacharias Quillfeather", "+51900000001");
        talk.Say("my password is swordfish");
        await ArchiveAsync(talk);
        ServeHost server = await ServeAsync(new KeyValuePair<string, string?>($"Logging:LogLevel:{category}", "Trace"));
        await using AgentClient agent = await AgentClient.OverHttpAsync(server.Http.BaseAddress!, "x-functions-key", Key);

        await agent.AnswerAsync("list_conversations", new { text = "quillfeather" });
        await agent.AnswerAsync("read_conversation", new { conversation = "900000001", text = "swordfish" });
        await agent.ErrorAsync("read_conversation", new { conversation = "quillfeather", zone = "swordfish" });
        await agent.CallAsync("swordfish", new { });

        string[] told = [.. server.Log.Entries.Select(e => $"{e.Category}: {e.Text}")];
        foreach (string secret in (string[])["quillfeather", "swordfish", "900000001", Key])
            told.Where(t => t.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    private static async Task<HttpResponseMessage> SendAsync(ServeHost server, string body, HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri("/mcp", UriKind.Relative));
        if (method == HttpMethod.Post)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("X-API-Key", Key);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await server.Http.SendAsync(request, Cancellation);
    }
}
