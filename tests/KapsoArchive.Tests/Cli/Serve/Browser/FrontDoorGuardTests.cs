using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>Who sees the pages, who has a form carried out, and what a cookie is good for.</summary>
public sealed class FrontDoorGuardTests : PageTest
{
    private const string Wrong = "wrong-key-0123456789abcdef";

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/runs/20261122T020000Z-1a2b3c4d/report")]
    [InlineData("/exports/20261122T020000Z-1a2b3c4d/files/manifest.json")]
    public async Task A_browser_without_a_key_is_asked_for_one(string address)
    {
        await using ServeHost server = await StartAsync();
        var caller = new PageCaller(server.Http);

        PageAnswer answer = await caller.GetAsync(address);

        (answer.Status, answer.MediaType).ShouldBe((HttpStatusCode.Unauthorized, "text/html"));
        answer.Page.QuerySelector("form")!.GetAttribute("action").ShouldBe("/sign-in");
        answer.Page.QuerySelector("input[type=password]").ShouldNotBeNull();
        ShouldBeGuarded(answer);
        caller.Cookie.ShouldBeNull();
    }

    [Fact]
    public async Task A_wrong_key_gives_no_access_and_is_not_repeated()
    {
        await using ServeHost server = await StartAsync();
        var caller = new PageCaller(server.Http);

        PageAnswer answer = await caller.SignInAsync(Wrong);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Page.QuerySelector("#key-wrong").ShouldNotBeNull();
        caller.Cookie.ShouldBeNull();
        answer.Text.ShouldNotContain(Wrong);
        server.Log.Entries.Where(e => e.Text.Contains(Wrong)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("https", true)]
    public async Task The_cookie_is_for_this_server_only_and_contains_no_key(string? scheme, bool isSecure)
    {
        await using ServeHost server = await StartAsync();
        var caller = new PageCaller(server.Http);

        PageAnswer answer = await caller.SignInAsync(Key, scheme is null ? [] : [("X-Forwarded-Proto", scheme)]);

        string[] parts = answer.Cookie.ShouldNotBeNull().Split("; ");
        parts[0].ShouldStartWith("kapso-archive-session=");
        parts[0].ShouldNotContain(Key);
        parts[1..].Order(StringComparer.Ordinal).ShouldBe(isSecure ? ["httponly", "path=/", "samesite=strict", "secure"] : ["httponly", "path=/", "samesite=strict"]);
    }

    [Fact]
    public async Task The_cookie_gives_access_to_the_pages_but_not_to_the_API()
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);

        (await caller.GetAsync()).Status.ShouldBe(HttpStatusCode.OK);
        foreach (string address in (string[])["/api/exports", "/api/runs", "/api/snapshots/latest", "/api/openapi.json"])
            (await caller.GetAsync(address)).Status.ShouldBe(HttpStatusCode.Unauthorized, address);
        (await caller.PostAsync([], "/api/runs")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.RunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_ends_at_sign_out_and_eight_hours_after_its_last_use()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using ServeHost server = await StartAsync(time: time);
        PageCaller caller = await SignedInAsync(server);
        string cookie = caller.Cookie!;
        PageAnswer page = await caller.GetAsync();

        PageAnswer signedOut = await caller.PostAsync([new("token", page.Form("export")["token"])], "/sign-out");

        signedOut.Status.ShouldBe(HttpStatusCode.SeeOther);
        caller.Cookie.ShouldBeNull();
        caller.Cookie = cookie;
        (await caller.GetAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
        caller = await SignedInAsync(server);
        time.Advance(TimeSpan.FromHours(3));
        (await caller.GetAsync()).Status.ShouldBe(HttpStatusCode.OK);

        time.Advance(TimeSpan.FromHours(8));
        (await caller.GetAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(Key)]
    [InlineData("")]
    public async Task A_form_without_the_pages_token_starts_nothing(string keys)
    {
        await using ServeHost server = await StartAsync(keys);
        PageCaller caller = await CallerAsync(server, keys);
        PageAnswer page = await caller.GetAsync();
        foreach (string button in (string[])["export", "run"])
        {
            foreach (string? token in (string?[])[null, "", "x", new('A', page.Form(button)["token"].Length)])
            {
                Dictionary<string, string> form = page.Form(button);
                form.Remove("token");
                if (token is not null)
                    form.Add("token", token);

                await ShouldBeRefusedAsync(server, await caller.PostAsync(form));
            }
        }
    }

    [Fact]
    public async Task A_token_of_another_session_starts_nothing()
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);
        Dictionary<string, string> foreign = (await (await SignedInAsync(server)).GetAsync()).Form("export");

        await ShouldBeRefusedAsync(server, await caller.PostAsync(foreign));
        (await caller.PostAsync([new("token", foreign["token"])], "/sign-out")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await caller.GetAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(Key, "Origin", "https://evil.example")]
    [InlineData("", "Origin", "https://evil.example")]
    [InlineData("", "Origin", "http://localhost:1")]
    [InlineData("", "Origin", "file://")]
    [InlineData(Key, "Sec-Fetch-Site", "cross-site")]
    [InlineData("", "Sec-Fetch-Site", "cross-site")]
    [InlineData("", "Sec-Fetch-Site", "same-site")]
    [InlineData("", "Origin", "null")]
    public async Task A_form_from_another_site_starts_nothing(string keys, string header, string value)
    {
        await using ServeHost server = await StartAsync(keys);
        PageCaller caller = await CallerAsync(server, keys);

        await ShouldBeRefusedAsync(server, await caller.PostAsync((await caller.GetAsync()).Form("export"), "/", (header, value)));
        PageAnswer signIn = await new PageCaller(server.Http).SignInAsync(Key, (header, value));
        (signIn.Status, signIn.Cookie).ShouldBe((HttpStatusCode.Forbidden, null));
    }

    [Theory]
    [InlineData("same-origin", "null")]
    [InlineData("same-origin", null)]
    public async Task A_form_sent_by_a_browser_from_the_page_is_carried_out(string site, string? origin)
    {
        await using ServeHost server = await StartAsync("");
        var caller = new PageCaller(server.Http);
        (string, string)[] headers = origin is null ? [("Sec-Fetch-Site", site)] : [("Sec-Fetch-Site", site), ("Origin", origin)];

        (await caller.PostAsync((await caller.GetAsync()).Form("export"), "/", headers)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await caller.PostAsync((await caller.GetAsync()).Form("export"), "/", ("Origin", server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ExportsAsync(server)).ShouldBe(2);
    }

    [Fact]
    public async Task Every_page_restricts_what_the_browser_may_do()
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);

        foreach (PageAnswer answer in (PageAnswer[])[await caller.GetAsync(), await caller.GetAsync("/runs/nothing/report"), await caller.PostAsync([]), await new PageCaller(server.Http).GetAsync()])
            ShouldBeGuarded(answer);
        (await caller.GetAsync()).Header("Content-Security-Policy").ShouldContain("; form-action 'self'; script-src 'sha256-");
    }

    [Theory]
    [InlineData("/runs/20261122T020000Z-1a2b3c4d/report")]
    [InlineData("/runs/<script>/report")]
    [InlineData("/exports/20261122T020000Z-1a2b3c4d/files/manifest.json")]
    [InlineData("/exports/nothing/files/")]
    public async Task Missing_pages_are_reported_as_HTML(string address)
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);

        PageAnswer answer = await caller.GetAsync(address);

        (answer.Status, answer.MediaType).ShouldBe((HttpStatusCode.NotFound, "text/html"));
        answer.Page.QuerySelector("main a")!.GetAttribute("href").ShouldBe("/");
        answer.Text.ShouldNotContain("<script>/");
    }

    [Theory]
    [InlineData("PUT", "/", "GET, HEAD, POST")]
    [InlineData("POST", "/runs/20261122T020000Z-1a2b3c4d/report", "GET, HEAD")]
    [InlineData("GET", "/sign-out", "POST")]
    public async Task Another_method_is_refused(string method, string address, string allowed)
    {
        await using ServeHost server = await StartAsync("");

        PageAnswer answer = await new PageCaller(server.Http).SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative)));

        answer.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.ContentHeaders.Allow.Order(StringComparer.Ordinal).ShouldBe(allowed.Split(", "));
    }

    [Fact]
    public async Task HEAD_answers_like_GET_without_the_body()
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);

        PageAnswer head = await caller.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri("/", UriKind.Relative)));

        (head.Status, head.MediaType, head.Body.Length).ShouldBe((HttpStatusCode.OK, "text/html", 0));
        ShouldBeGuarded(head);
    }

    private static async Task<PageCaller> CallerAsync(ServeHost server, string keys) => keys.Length > 0 ? await SignedInAsync(server) : new PageCaller(server.Http);

    private static async Task ShouldBeRefusedAsync(ServeHost server, PageAnswer answer)
    {
        (answer.Status, answer.MediaType).ShouldBe((HttpStatusCode.Forbidden, "text/html"));
        (await ExportsAsync(server)).ShouldBe(0);
        (await server.RunsAsync()).ShouldBeEmpty();
    }

    private static void ShouldBeGuarded(PageAnswer answer)
    {
        answer.Header("Content-Security-Policy").ShouldStartWith("default-src 'none'; ");
        answer.Header("Content-Security-Policy").ShouldEndWith("; frame-ancestors 'none'");
        answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        answer.Header("Referrer-Policy").ShouldBeOneOf("no-referrer", "same-origin");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }
}
