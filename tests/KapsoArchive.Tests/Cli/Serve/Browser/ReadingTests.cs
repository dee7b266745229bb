using System.Net;
using AngleSharp.Dom;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>The archive's conversations in a browser, without an export and with Kapso switched off.</summary>
public sealed class ReadingTests : ReadingTest
{
    [Theory]
    [InlineData("900 000 001")]
    [InlineData("+51 900-000-001")]
    [InlineData("perez")]
    [InlineData("77777777")]
    public async Task With_what_a_support_lead_knows_one_search_shows_the_conversation(string known)
    {
        await ArchiveAsync(Ana());
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;

        PageAnswer found = await SendAsync(caller, await caller.GetAsync(), "text", ("text", known));
        PageAnswer page = await FollowAsync(caller, found);

        found.Headers.Location!.ToString().ShouldBe($"/conversations/{TalkId}");
        page.Page.QuerySelector("h1")!.TextContent.ShouldBe("Ana Pérez");
        page.Page.QuerySelector(".lead")!.TextContent.ShouldMatch(@"^Complete3 messages, as of 20\d\d-\d\d-\d\d \d\d:\d\d UTC\.$");
        page.Page.QuerySelector(".facts")!.TextContent.ShouldContain("+51900000001");
        Texts(page).ShouldBe(["Hello", "Where is my order?", "It is on its way"]);
        server.Log.Entries.ShouldNotContain(e => e.Text.Contains(known) || e.Text.Contains("Ana"));
    }

    [Fact]
    public async Task A_search_with_several_results_lists_them_and_writes_no_address_with_it()
    {
        await ArchiveAsync(Ana(), Other(1), Other(2));
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;

        PageAnswer page = await SendAsync(caller, await caller.GetAsync("/conversations"), "text", ("text", "PÉREZ"), ("sort", "name"));

        page.Page.QuerySelector("h1")!.TextContent.ShouldBe("3 conversations found");
        page.Page.QuerySelectorAll("tbody th a").Select(a => a.TextContent).ShouldBe(["Ana Pérez", "Otra Pérez 1", "Otra Pérez 2"]);
        page.Page.QuerySelector("input[name=text]")!.GetAttribute("value").ShouldBe("PÉREZ");
        Addresses(page).ShouldNotContain(a => a.Contains("rez", StringComparison.OrdinalIgnoreCase));
        (await SendAsync(caller, page, "text", ("text", "nobody"))).Page.QuerySelector(".empty").ShouldNotBeNull();
    }

    [Fact]
    public async Task Words_are_found_in_the_messages_of_all_conversations_and_lead_to_their_place()
    {
        await ArchiveAsync(Ana(), Other(1), Other(2));
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;

        PageAnswer found = await SendAsync(caller, await caller.GetAsync("/conversations"), "text", ("text", "MY ÓRDER"), ("in", "messages"));
        PageAnswer place = await caller.GetAsync(found.Page.QuerySelector("tbody a")!.GetAttribute("href")!);
        PageAnswer none = await SendAsync(caller, found, "text", ("text", "no such word"), ("in", "messages"));

        found.Page.QuerySelector("h1")!.TextContent.ShouldBe("1 message found");
        found.Page.QuerySelector("tbody tr")!.TextContent.ShouldStartWith("Where is my order?from Ana Pérez2026-03-01 ");
        Texts(place)[0].ShouldBe("Where is my order?");
        Addresses(found).ShouldNotContain(a => a.Contains("order", StringComparison.OrdinalIgnoreCase));
        none.Page.QuerySelector("h1")!.TextContent.ShouldBe("0 messages found");
        server.Log.Entries.ShouldNotContain(e => e.Text.Contains("order", StringComparison.OrdinalIgnoreCase) || e.Text.Contains("Ana"));
    }

    [Fact]
    public async Task The_list_has_pages_sorts_and_filters()
    {
        await ArchiveAsync([.. Enumerable.Range(1, 105).Select(Other)]);
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;

        PageAnswer first = await caller.GetAsync("/conversations?sort=name");
        PageAnswer second = await caller.GetAsync(LinkOf(first, "Next →")!);
        PageAnswer searched = await SendAsync(caller, first, "text", ("text", "otra"));
        PageAnswer rest = await SendAsync(caller, searched, "page", ("page", "2"));

        first.Page.QuerySelector("h1")!.TextContent.ShouldBe("109 conversations");
        (Rows(first).Length, Rows(second).Length).ShouldBe((100, 9));
        Rows(first).Concat(Rows(second)).ShouldBeUnique();
        (Rows(searched).Length, Rows(rest).Length).ShouldBe((100, 5));
        (await caller.GetAsync("/conversations?outcome=incomplete")).Page.QuerySelector("h1")!.TextContent.ShouldBe("0 conversations found");
        Rows(await caller.GetAsync("/conversations?page=99999999999999999999")).Length.ShouldBe(100);
        Rows(await caller.GetAsync("/conversations?page=21474837")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Older_and_newer_pages_together_are_the_conversation()
    {
        var talk = new Talk(TalkId);
        for (int i = 1; i <= 250; i++)
            talk.Say($"Message {i}");
        await ArchiveAsync(talk);
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;
        string[] all = [.. Enumerable.Range(1, 250).Select(i => $"Message {i}")];

        PageAnswer newest = await caller.GetAsync($"/conversations/{TalkId}");
        PageAnswer older = await caller.GetAsync(LinkOf(newest, "← Older")!);
        PageAnswer oldest = await caller.GetAsync(LinkOf(older, "← Older")!);
        PageAnswer newer = await caller.GetAsync(LinkOf(oldest, "Newer →")!);

        (LinkOf(newest, "Newer →"), LinkOf(oldest, "← Older")).ShouldBe((null, null));
        Texts(newest).ShouldBe(all[150..]);
        Texts(older).ShouldBe(all[50..150]);
        Texts(oldest).ShouldBe(all[..50]);
        Texts(newer).ShouldBe(all[50..150]);
        Texts(await caller.GetAsync(LinkOf(newer, "Newest")!)).ShouldBe(all[150..]);
        newest.Page.QuerySelector(".pages .here")!.TextContent.ShouldBe("100 of 250 messages");
    }

    [Fact]
    public async Task A_date_is_jumped_to_and_the_older_page_leads_on()
    {
        var talk = new Talk(TalkId);
        for (int day = 1; day <= 150; day++)
            talk.Say($"Day {day}", minutes: 24 * 60); // Day 1 is 2026-03-02.
        await ArchiveAsync(talk);
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;
        PageAnswer newest = await caller.GetAsync($"/conversations/{TalkId}");

        PageAnswer there = await FollowAsync(caller, await SendAsync(caller, newest, "from", ("from", "2026-03-11")));
        PageAnswer beyond = await caller.GetAsync($"/conversations/{TalkId}?from=2030-01-01");
        PageAnswer wrong = await SendAsync(caller, newest, "from", ("from", "11 March"));

        Texts(there)[0].ShouldBe("Day 10");
        Texts(there).Length.ShouldBe(100);
        Texts(await caller.GetAsync(LinkOf(there, "← Older")!)).ShouldBe(Enumerable.Range(1, 9).Select(d => $"Day {d}"));
        Texts(beyond)[^1].ShouldBe("Day 150", "after the last day there is the newest page");
        (wrong.Status, wrong.MediaType).ShouldBe((HttpStatusCode.BadRequest, "text/html"));
        wrong.Text.ShouldContain("2026-03-01");
    }

    [Fact]
    public async Task Search_within_a_conversation_leads_from_each_result_to_its_place()
    {
        var talk = new Talk(TalkId);
        for (int i = 1; i <= 300; i++)
            talk.Say(i % 100 == 7 ? $"El CAFÉ número {i}" : $"Message {i}", outbound: i == 107);
        await ArchiveAsync(talk);
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;
        PageAnswer newest = await caller.GetAsync($"/conversations/{TalkId}");

        PageAnswer found = await SendAsync(caller, newest, "text", ("text", "cafe numero"));
        string place = found.Page.QuerySelectorAll(".meta a")[1].GetAttribute("href")!;
        PageAnswer around = await caller.GetAsync(place.Split('#')[0]);

        found.Page.QuerySelector("h2")!.TextContent.ShouldBe("3 messages with “cafe numero”");
        Texts(found).ShouldBe(["El CAFÉ número 7", "El CAFÉ número 107", "El CAFÉ número 207"]);
        Addresses(found).ShouldNotContain(a => a.Contains("caf", StringComparison.OrdinalIgnoreCase));
        around.Page.QuerySelector($"#{place.Split('#')[1]} .text")!.TextContent.ShouldBe("El CAFÉ número 107");
        Texts(around).ShouldContain("Message 100", "what was said before stands there too");
        Texts(await SendAsync(caller, newest, "text", ("text", "cafe"), ("direction", "outbound"))).ShouldBe(["El CAFÉ número 107"]);
        PageAnswer sent = await FollowAsync(caller, await SendAsync(caller, newest, "text", ("direction", "outbound")));
        Texts(sent).ShouldBe(["El CAFÉ número 107"]);
        Texts(await caller.GetAsync(LinkOf(sent, "All messages")!)).Length.ShouldBe(100);
    }

    [Fact]
    public async Task Results_of_a_search_have_pages_without_the_text_in_an_address()
    {
        var talk = new Talk(TalkId);
        for (int i = 1; i <= 130; i++)
            talk.Say($"secret {i}");
        await ArchiveAsync(talk);
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;

        PageAnswer found = await SendAsync(caller, await caller.GetAsync($"/conversations/{TalkId}"), "text", ("text", "secret"));
        string before = found.Page.QuerySelector("button[name=before]")!.GetAttribute("value")!;
        PageAnswer older = await SendAsync(caller, found, "before", ("before", before));

        Texts(found).ShouldBe(Enumerable.Range(31, 100).Select(i => $"secret {i}"));
        Texts(older).ShouldBe(Enumerable.Range(1, 30).Select(i => $"secret {i}"));
        Addresses(older).ShouldNotContain(a => a.Contains("secret"));
    }

    [Fact]
    public async Task A_reply_quotes_its_original_on_another_page_and_a_reaction_stands_at_its_message()
    {
        var talk = new Talk(TalkId);
        string question = talk.Say("Where is my order 4711?");
        for (int i = 0; i < 200; i++)
            talk.Say($"Message {i}");
        talk.Say("It arrives today", outbound: true, data: new { text = "It arrives today", context = new { id = question } });
        talk.Say("👍", outbound: true, type: "reaction", data: new { message_id = question, emoji = "👍" });
        talk.Say("Lost", data: new { context = new { id = "wamid.ELSEWHERE" } });
        await ArchiveAsync(talk);
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;

        PageAnswer page = await caller.GetAsync($"/conversations/{TalkId}");
        IElement quote = page.Page.QuerySelectorAll(".quote")[0];
        PageAnswer original = await caller.GetAsync(quote.QuerySelector("a")!.GetAttribute("href")!.Split('#')[0]);

        quote.TextContent.ShouldContain("Where is my order 4711?");
        page.Page.QuerySelectorAll(".quote")[1].TextContent.ShouldBe("In reply to a message that is not in the archive");
        IElement shown = original.Page.QuerySelector("#m1")!;
        shown.QuerySelector(".text")!.TextContent.ShouldBe("Where is my order 4711?");
        shown.QuerySelector(".reactions")!.TextContent.ShouldContain("👍");
    }

    [Fact]
    public async Task The_next_run_is_shown_at_once()
    {
        Talk talk = Ana();
        await AddAsync(talk);
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;
        Texts(await caller.GetAsync($"/conversations/{TalkId}")).Length.ShouldBe(3);

        Sandbox.Listings.Moving(TalkId).InsertNewest();
        await AddAsync(Other(1));

        (await caller.GetAsync($"/conversations/{TalkId}")).Page.QuerySelectorAll(".chat > li").Length.ShouldBe(4);
        (await caller.GetAsync("/conversations")).Page.QuerySelector("h1")!.TextContent.ShouldBe("6 conversations");
    }

    [Fact]
    public async Task The_conversation_can_be_exported_from_its_page_out_of_the_archive()
    {
        await ArchiveAsync(Ana());
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;
        PageAnswer page = await caller.GetAsync($"/conversations/{TalkId}");

        PageAnswer start = await caller.GetAsync(page.Page.QuerySelector(".actions a")!.GetAttribute("href")!.Split('#')[0]);
        Dictionary<string, string> form = start.Form("export");
        (form["conversations"], start.Page.QuerySelector("#source option[selected]")!.GetAttribute("value"), start.Page.QuerySelector("input[value=html]")!.HasAttribute("checked"))
            .ShouldBe((TalkId, "archive", true));
        form["source"] = "archive";
        form["formats"] = "html";
        form["timeZone"] = "America/Lima";
        (await caller.PostAsync(form)).Status.ShouldBe(HttpStatusCode.SeeOther);
        PageAnswer ended = await caller.EndAsync();

        ended.Page.QuerySelector(".items .badge")!.TextContent.ShouldBe("Complete");
        string list = $"/{ended.Page.QuerySelectorAll(".files a").First(a => a.GetAttribute("href")!.EndsWith("messages_html/index.html", StringComparison.Ordinal)).GetAttribute("href")}";
        PageAnswer document = await caller.GetAsync($"{list[..^"index.html".Length]}{TalkId}/index.html");
        document.Page.QuerySelector(".meta")!.TextContent.ShouldContain("04:44 · 09:44 UTC");
    }

    [Fact]
    public async Task What_is_not_there_is_a_page_that_leads_home()
    {
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;
        PageAnswer empty = await caller.GetAsync("/conversations");
        (await caller.GetAsync()).Page.QuerySelector("form.search").ShouldBeNull("there is nothing to search");
        await ArchiveAsync(Ana());

        PageAnswer unknown = await caller.GetAsync("/conversations/no-such-conversation");
        PageAnswer place = await caller.GetAsync($"/conversations/{TalkId}?before=nonsense");

        (empty.Status, empty.Page.QuerySelector("h1")!.TextContent).ShouldBe((HttpStatusCode.NotFound, "Nothing is archived yet"));
        (unknown.Status, place.Status).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.BadRequest));
        foreach (PageAnswer page in (PageAnswer[])[empty, unknown, place])
            page.Page.QuerySelector("main a")!.GetAttribute("href").ShouldBe("/");
    }

    private static Talk Ana()
    {
        var talk = new Talk(TalkId, "Ana Pérez", "+51900000001");
        talk.Say("Hello");
        talk.Say("Where is my order?");
        talk.Say("It is on its way", outbound: true);
        return talk;
    }

    private static Talk Other(int number)
    {
        var talk = new Talk($"88888888-8888-4888-8888-{number:D12}", $"Otra Pérez {number}", $"+5491100{number:D6}");
        talk.Say($"I am {number}");
        return talk;
    }

    private static string[] Rows(PageAnswer page) => [.. page.Page.QuerySelectorAll("tbody th a").Select(a => a.GetAttribute("href")!)];
}
