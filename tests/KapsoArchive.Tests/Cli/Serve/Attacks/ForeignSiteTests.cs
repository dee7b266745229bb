using System.Net;
using System.Net.Http.Headers;
using KapsoArchive.Tests.Cli.Serve.Browser;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>A page of another site, in a browser that reaches the server: nothing that it sends changes anything.</summary>
public sealed class ForeignSiteTests : PageTest
{
    private const string Own = "(own)";
    private const string Evil = "https://evil.example";

    public static TheoryData<string?, string?> Foreign => new()
    {
        { Evil, null }, { Evil, "cross-site" }, { Evil, "same-site" }, { Evil, "same-origin" }, { Evil, "none" },
        { "null", null }, { "null", "cross-site" }, { "null", "same-site" }, { "null", "none" },
        { null, "cross-site" }, { null, "same-site" }, { null, "nonsense" }, { Own, "cross-site" }, { Own, "same-site" },
        { "http://127.0.0.1:1", null }, { "http://127.0.0.1", null }, { "http://localhost", null }, { $"{Own}.evil.example", null },
        { $"{Own}@evil.example", null }, { $"{Own}, {Evil}", null }, { $"{Evil}, {Own}", null },
        { "file://", null }, { "http://", null }, { "NULL", null }, { "chrome-extension://abcdefgh", null }, { "about:blank", null },
        { "-", null },
    };

    public static TheoryData<string?, string?> Domestic => new()
    {
        { null, null }, { Own, null }, { Own, "same-origin" }, { Own, "none" }, { null, "same-origin" }, { null, "none" },
        { "null", "same-origin" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Another_site_changes_nothing_on_a_server_without_keys(string? origin, string? site)
    {
        await using ServeHost server = await StartAsync("");
        Dictionary<string, string> form = (await new PageCaller(server.Http).GetAsync()).Form("export");

        foreach (HttpRequestMessage request in Requests(form))
        {
            string what = $"{request.Method} {request.RequestUri}";
            (await SendAsync(server, request, origin, site)).Status.ShouldBe(HttpStatusCode.Forbidden, what);
        }

        (await ExportsAsync(server)).ShouldBe(0);
        (await server.RunsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Domestic))]
    public async Task The_servers_own_pages_and_programs_are_accepted(string? origin, string? site)
    {
        await using ServeHost server = await StartAsync("");
        Dictionary<string, string> form = (await new PageCaller(server.Http).GetAsync()).Form("export");

        foreach (HttpRequestMessage request in Requests(form))
        {
            string what = $"{request.Method} {request.RequestUri}";
            (await SendAsync(server, request, origin, site)).Status.ShouldNotBe(HttpStatusCode.Forbidden, what);
        }

        (await ExportsAsync(server)).ShouldBe(2);
        (await server.RunsAsync()).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("x-functions-key")]
    [InlineData("X-API-Key")]
    [InlineData("code")]
    public async Task A_caller_with_a_key_may_call_from_any_site(string place)
    {
        await using ServeHost server = await StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, place == "code" ? $"/api/runs?code={Key}" : "/api/runs");
        if (place != "code")
            request.Headers.Add(place, Key);

        (await SendAsync(server, request, Evil, "cross-site")).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task An_invalid_key_does_not_allow_another_site()
    {
        await using ServeHost keyless = await StartAsync(
            "", null, new KeyValuePair<string, string?>("Archive:Destination", Folder.File("keyless")));
        await using ServeHost server = await StartAsync();

        (await SendAsync(keyless, new HttpRequestMessage(HttpMethod.Post, $"/api/runs?code={Key}"), Evil,
            "cross-site")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(server, new HttpRequestMessage(HttpMethod.Post, $"/api/runs?code={Key}x"), Evil,
            "cross-site")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await keyless.RunsAsync()).ShouldBeEmpty();
        (await server.RunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_cannot_be_used_by_another_site_except_to_read()
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);
        Dictionary<string, string> form = (await caller.GetAsync()).Form("run");

        (await caller.PostAsync(form, "/", ("Origin", Evil), ("Sec-Fetch-Site", "cross-site"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await caller.PostAsync([new("token", form["token"])], "/sign-out",
            ("Sec-Fetch-Site", "cross-site"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.RunsAsync()).ShouldBeEmpty();
        var reading = new HttpRequestMessage(HttpMethod.Get, "/");
        reading.Headers.Add("Sec-Fetch-Site", "cross-site");
        (await caller.SendAsync(reading)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>A browser sends no Sec-Fetch-Site to a server that it reaches by plain HTTP, and names the origin only if the page lets
    /// it.</summary>
    [Fact]
    public async Task Pages_with_forms_send_their_origin_unless_the_URL_contains_a_key()
    {
        await using ServeHost server = await StartAsync();

        ShouldSay("same-origin", await new PageCaller(server.Http).GetAsync());
        ShouldSay("same-origin", await (await SignedInAsync(server)).GetAsync());
        ShouldSay("no-referrer", await new PageCaller(server.Http).GetAsync($"/?code={Key}"));

        static void ShouldSay(string policy, PageAnswer page)
        {
            page.Header("Referrer-Policy").ShouldBe(policy);
            page.Page.QuerySelector("meta[name=referrer]")!.GetAttribute("content").ShouldBe(policy);
        }
    }

    /// <summary>Each with what a page can send without asking first.</summary>
    private static IEnumerable<HttpRequestMessage> Requests(Dictionary<string, string> form)
    {
        const string Body = """{"conversations": "all"}""";
        yield return new(HttpMethod.Post, "/api/runs");
        yield return new(HttpMethod.Post, "/api/exports") { Content = new StringContent(Body, MediaTypeHeaderValue.Parse("application/json")) };
        yield return new(HttpMethod.Post, "/api/exports") { Content = new StringContent(Body, MediaTypeHeaderValue.Parse("text/plain")) };
        yield return new(HttpMethod.Delete, "/api/exports/20261122T020000Z-1a2b3c4d");
        yield return new(HttpMethod.Put, "/api/exports");
        yield return new(HttpMethod.Post, "/nothing");
        yield return new(HttpMethod.Post, "/") { Content = new FormUrlEncodedContent(form) };
        yield return new(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent([new("key", Key)]) };
    }

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(ServeHost server, HttpRequestMessage request, string? origin,
        string? site)
    {
        using (request)
        {
            if (origin is not null)
                request.Headers.TryAddWithoutValidation("Origin",
                    origin.Replace(Own, server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)));
            if (site is not null)
                request.Headers.Add("Sec-Fetch-Site", site);
            using HttpResponseMessage answer = await server.Http.SendAsync(request, Cancellation);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }
}
