using System.Net;
using AngleSharp.Dom;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>The form for an export: what is wrong stands beside its field, with what was typed.</summary>
public sealed class FrontDoorFormTests : PageTest
{
    private const string Script = "\"><script>alert(1)</script><b a='";

    [Fact]
    public async Task Every_wrong_field_is_reported_and_the_input_is_kept()
    {
        await using ServeHost server = await StartAsync("");
        var caller = new PageCaller(server.Http);
        Dictionary<string, string> form = (await caller.GetAsync()).Form("export");
        string operation = form["operation"];
        form["conversations"] = "one\r\n../two";
        form["from"] = "2026-03-01";
        form["to"] = "2026-02-01";
        form.Remove("formats");

        PageAnswer answer = await caller.PostAsync(form);

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Page.QuerySelector("[role=alert]")!.TextContent.ShouldContain("No export was started");
        answer.Page.QuerySelector("#conversations-wrong")!.TextContent.ShouldStartWith("Id 2: ");
        answer.Page.QuerySelector("#from-wrong").ShouldNotBeNull();
        answer.Page.QuerySelector("#formats-wrong")!.TextContent.ShouldBe("Choose at least one format.");
        answer.Page.QuerySelector("#to-wrong").ShouldBeNull();
        IElement conversations = answer.Page.QuerySelector("#conversations")!;
        (conversations.GetAttribute("aria-invalid"), conversations.GetAttribute("aria-describedby")).ShouldBe(("true", "conversations-hint conversations-wrong"));
        answer.Page.QuerySelectorAll("[autofocus]").ShouldHaveSingleItem().ShouldBe(conversations);
        Dictionary<string, string> again = answer.Form("export");
        (again["conversations"], again["from"], again["to"]).ShouldBe(("one\n../two", "2026-03-01", "2026-02-01"));
        again.ShouldNotContainKey("formats");
        again["operation"].ShouldNotBe(operation);
        (await ExportsAsync(server)).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  , \r\n ")]
    public async Task Missing_conversations_are_reported_in_the_words_of_the_form(string conversations)
    {
        await using ServeHost server = await StartAsync("");
        var caller = new PageCaller(server.Http);
        Dictionary<string, string> form = (await caller.GetAsync()).Form("export");
        form["conversations"] = conversations;

        PageAnswer answer = await caller.PostAsync(form);

        answer.Page.QuerySelector("#conversations-wrong")!.TextContent.ShouldBe("Give conversation ids, one per line, or the word all.");
    }

    [Theory]
    [InlineData("conversations")]
    [InlineData("from")]
    [InlineData("to")]
    [InlineData("formats")]
    [InlineData("operation")]
    [InlineData("id")]
    [InlineData("do")]
    [InlineData("token")]
    public async Task Markup_in_a_field_comes_back_as_text(string field)
    {
        await using ServeHost server = await StartAsync("");
        var caller = new PageCaller(server.Http);
        Dictionary<string, string> form = (await caller.GetAsync()).Form("export");
        form["from"] = "x";
        form[field] = Script;

        PageAnswer answer = await caller.PostAsync(form);

        ((int)answer.Status).ShouldBeInRange(400, 499);
        answer.Text.ShouldNotContain("<script>alert");
        answer.Page.QuerySelectorAll("b, script:not([type=module])").ShouldBeEmpty();
        if (field is "from" or "to")
            answer.Page.QuerySelector($"#{field}")!.GetAttribute("value").ShouldBe(Script);
        (await ExportsAsync(server)).ShouldBe(0);
    }

    [Fact]
    public async Task A_form_sent_twice_makes_one_export_and_a_changed_one_asks_again()
    {
        await using ServeHost server = await StartAsync("");
        var caller = new PageCaller(server.Http);
        Dictionary<string, string> form = (await caller.GetAsync()).Form("export");

        PageAnswer[] both = await Task.WhenAll(caller.PostAsync(form), caller.PostAsync(form));
        both.ShouldAllBe(a => a.Status == HttpStatusCode.SeeOther);
        (await ExportsAsync(server)).ShouldBe(1);

        form["from"] = "2026-01-01";
        PageAnswer changed = await caller.PostAsync(form);
        changed.Status.ShouldBe(HttpStatusCode.Conflict);
        (await ExportsAsync(server)).ShouldBe(1);
        Dictionary<string, string> again = changed.Form("export");
        again["from"].ShouldBe("2026-01-01");
        (await caller.PostAsync(again)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ExportsAsync(server)).ShouldBe(2);
    }

    [Fact]
    public async Task Without_the_conversations_setting_the_page_names_it_and_starts_no_run()
    {
        await using ServeHost server = await StartAsync("", null, new KeyValuePair<string, string?>("Archive:Conversations", ""));
        var caller = new PageCaller(server.Http);
        PageAnswer page = await caller.GetAsync();

        page.Page.QuerySelector("#start-run").ShouldBeNull();
        page.Page.QuerySelector(".lead")!.TextContent.ShouldContain("Archive:Conversations");
        (await caller.PostAsync([new("token", page.Form("export")["token"]), new("do", "run")])).Status.ShouldBe(HttpStatusCode.Conflict);
        (await server.RunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_is_not_a_form_is_refused()
    {
        await using ServeHost server = await StartAsync("");
        var caller = new PageCaller(server.Http);

        PageAnswer json = await caller.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json") });
        PageAnswer tooLong = await caller.PostAsync([new("conversations", new string('x', 2_000_000))]);
        PageAnswer many = await caller.PostAsync(Enumerable.Range(0, 200).Select(i => new KeyValuePair<string, string>($"f{i}", "x")));

        json.Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        tooLong.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        many.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }
}
