using System.Net;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>Who reads the conversations, what a cookie says, how an export's documents are opened, and what an unknown address answers.</summary>
public sealed class ReadingGuardTests : ReadingTest
{
    [Theory]
    [InlineData("/conversations")]
    [InlineData($"/conversations/{TalkId}")]
    [InlineData("/no-such-page")]
    public async Task Without_a_session_each_address_asks_for_a_key(string address)
    {
        await using ServeHost server = await StartAsync();

        PageAnswer page = await new PageCaller(server.Http).GetAsync(address);
        using HttpResponseMessage program = await server.Http.GetAsync(new Uri(address, UriKind.Relative), Cancellation);

        (page.Status, page.MediaType).ShouldBe((HttpStatusCode.Unauthorized, "text/html"));
        page.Page.QuerySelector("input[type=password]").ShouldNotBeNull();
        (program.StatusCode, program.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.Unauthorized, "application/problem+json"));
    }

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/runs/")]
    public async Task An_unknown_address_is_a_page_in_a_browser_and_a_problem_for_a_program(string address)
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);

        PageAnswer page = await caller.GetAsync(address);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/no-such-page", UriKind.Relative));
        request.Headers.Add("x-functions-key", Key);
        using HttpResponseMessage program = await server.Http.SendAsync(request, Cancellation);

        (page.Status, page.MediaType).ShouldBe((HttpStatusCode.NotFound, "text/html"));
        page.Page.QuerySelector("main a")!.GetAttribute("href").ShouldBe("/");
        page.Header("Content-Security-Policy").ShouldStartWith("default-src 'none'; ");
        (program.StatusCode, program.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.NotFound, "application/problem+json"));
    }

    [Fact]
    public async Task A_search_without_the_pages_token_finds_nothing()
    {
        await ArchiveAsync(Talk("Hello"));
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);

        foreach (string address in (string[])["/conversations", $"/conversations/{TalkId}"])
        {
            PageAnswer answer = await caller.PostAsync([new("text", "hello")], address);
            answer.Status.ShouldBe(HttpStatusCode.Forbidden, address);
            answer.Text.ShouldNotContain("Hello");
        }
    }

    [Fact]
    public async Task A_chosen_time_zone_is_remembered_in_a_cookie_that_says_nothing_else()
    {
        await ArchiveAsync(Talk("Hello")); // 2026-03-01 09:44 UTC.
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;
        string address = $"/conversations/{TalkId}?from=2026-03-01";
        PageAnswer page = await caller.GetAsync(address);
        page.Page.QuerySelector(".meta")!.TextContent.ShouldContain("09:44");

        Dictionary<string, string> form = page.Form("zone");
        form["zone"] = "america/lima";
        PageAnswer chosen = await caller.PostAsync(form, address);
        PageAnswer again = await FollowAsync(caller, chosen);

        chosen.Headers.Location!.ToString().ShouldBe(address);
        chosen.Cookie!.Split("; ")[0].ShouldBe("kapso-archive-zone=America%2FLima");
        again.Page.QuerySelector(".meta")!.TextContent.ShouldContain("04:44 · 09:44 UTC");
        again.Page.QuerySelector("#zone option[selected]")!.TextContent.ShouldBe("America/Lima");
        again.Page.QuerySelector("footer")!.TextContent.ShouldContain("Times are those of America/Lima, with UTC beside them.");
        form["zone"] = "America/Lma";
        PageAnswer wrong = await caller.PostAsync(form, address);
        (wrong.Status, wrong.Text.Contains("Did you mean America/Lima?")).ShouldBe((HttpStatusCode.BadRequest, true));
        caller.Cookie = "kapso-archive-zone=%3Cscript%3E";
        (await caller.GetAsync(address)).Page.QuerySelector(".meta")!.TextContent.ShouldContain("09:44");
    }

    [Fact]
    public async Task A_document_of_an_export_opens_in_the_browser_and_its_links_work()
    {
        var talk = new Talk(TalkId);
        for (int i = 1; i <= 1_001; i++)
            talk.Say($"Message {i}");
        talk.AddTo(Sandbox);
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);
        Dictionary<string, string> form = (await caller.GetAsync()).Form("export");
        form["conversations"] = TalkId;
        form["formats"] = "html";
        await caller.PostAsync(form);
        string id = (await caller.EndAsync()).Page.QuerySelector(".items > li")!.Id!["item-".Length..];
        string folder = $"/exports/{id}/files/messages_html";

        PageAnswer list = await caller.GetAsync($"{folder}/index.html");
        PageAnswer first = await caller.GetAsync($"{folder}/{list.Page.QuerySelector("tbody a")!.GetAttribute("href")}");
        PageAnswer second = await caller.GetAsync($"{folder}/{TalkId}/{LinkOf(first, "Later →")}");
        PageAnswer parquet = await caller.GetAsync($"/exports/{id}/files/manifest.json");

        second.Page.QuerySelectorAll(".chat > li").Length.ShouldBe(1);
        foreach (PageAnswer page in (PageAnswer[])[list, first, second])
        {
            (page.Status, page.MediaType, page.ContentHeaders.ContentDisposition).ShouldBe((HttpStatusCode.OK, "text/html", null));
            page.Header("Content-Security-Policy").ShouldBe(
                "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
            (page.Header("X-Content-Type-Options"), page.Headers.CacheControl!.NoStore).ShouldBe(("nosniff", true));
        }

        parquet.ContentHeaders.ContentDisposition!.DispositionType.ShouldBe("attachment");
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"/api{folder}/index.html", UriKind.Relative));
        request.Headers.Add("x-functions-key", Key);
        using HttpResponseMessage api = await server.Http.SendAsync(request, Cancellation);
        api.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        (await new PageCaller(server.Http).GetAsync($"{folder}/index.html")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await caller.GetAsync($"{folder}/no-such.html")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_page_without_a_session_says_where_conversations_are_read()
    {
        await ArchiveAsync(Talk("Hello"));
        await using ServeHost server = await StartAsync();

        PageAnswer page = await new PageCaller(server.Http).GetAsync($"/?code={Key}");

        page.Text.ShouldContain("does not show conversations. Export them below as HTML");
        page.Page.QuerySelector("a[href*=conversations]").ShouldBeNull();
    }

    private static Talk Talk(string text)
    {
        var talk = new Talk(TalkId);
        talk.Say(text);
        return talk;
    }
}
