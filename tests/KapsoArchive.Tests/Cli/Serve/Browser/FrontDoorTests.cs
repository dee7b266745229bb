using System.Net;
using AngleSharp.Dom;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>The archive in a browser that runs no scripts: from the sign-in to the file.</summary>
public sealed class FrontDoorTests : PageTest
{
    [Fact]
    public async Task A_browser_signs_in_exports_watches_and_downloads_the_rows()
    {
        await using ServeHost server = await StartAsync();
        var caller = new PageCaller(server.Http);
        (await caller.GetAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
        PageAnswer signedIn = await caller.SignInAsync(Key);
        (signedIn.Status, signedIn.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.SeeOther, "/"));
        PageAnswer page = await caller.GetAsync();

        Dictionary<string, string> form = page.Form("export");
        form["conversations"] = Sandbox.Data.Conversations[0].Id;
        form["formats"] = "parquet";
        PageAnswer sent = await caller.PostAsync(form);
        (sent.Status, sent.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.SeeOther, "/"));
        PageAnswer ended = await caller.EndAsync();

        ended.Page.QuerySelector(".items .badge")!.TextContent.ShouldBe("Complete");
        ended.Page.QuerySelector("noscript").ShouldBeNull("nothing is under way");
        IElement link = ended.Page.QuerySelectorAll(".files a").Single(a => a.TextContent == "Messages, Parquet");
        PageAnswer file = await caller.GetAsync($"/{link.GetAttribute("href")}");
        await File.WriteAllBytesAsync(Folder.File("messages.parquet"), file.Body, Cancellation);
        using var duck = new DuckDb();
        duck.Count($"SELECT count(*) FROM read_parquet('{Folder.File("messages.parquet")}')").ShouldBe(Sandbox.Data.Conversations[0].MessageCount);
        file.ContentHeaders.ContentDisposition!.DispositionType.ShouldBe("attachment");
    }

    [Fact]
    public async Task The_first_run_starts_from_the_empty_page_and_has_a_report()
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);
        PageAnswer empty = await caller.GetAsync();
        empty.Page.QuerySelector("h1")!.TextContent.ShouldBe("Nothing is archived yet");

        (await caller.PostAsync(empty.Form("run"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        PageAnswer ended = await caller.EndAsync();
        PageAnswer report = await caller.GetAsync($"/{ended.Page.QuerySelector("#latest-report")!.GetAttribute("href")}");

        ended.Page.QuerySelector("h1")!.TextContent.ShouldBe("The archive is up to date");
        ended.Page.QuerySelector(".figures")!.TextContent.ShouldStartWith("Messages200Conversations");
        ended.Page.QuerySelector(".lead")!.TextContent.ShouldEndWith(": 200 messages added, 0 changed, 0 removed.");
        (report.Status, report.MediaType).ShouldBe((HttpStatusCode.OK, "text/html"));
        report.Text.ShouldContain("run report");
    }

    [Fact]
    public async Task The_page_shows_progress_and_can_be_reloaded_without_a_script()
    {
        Sandbox.Faults = new SandboxFaults { Slow = 1, SlowSeconds = 3_000, MaxConsecutive = int.MaxValue };
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);
        (await caller.PostAsync((await caller.GetAsync()).Form("export"))).Status.ShouldBe(HttpStatusCode.SeeOther);

        PageAnswer page = await caller.GetAsync();

        page.Text.ShouldContain("<noscript><p><a href=\"\">Show the progress now</a></p></noscript>");
        page.Page.QuerySelector("#state")!.HasAttribute("data-busy").ShouldBeTrue();
        page.Page.QuerySelector(".items progress")!.GetAttribute("aria-label").ShouldNotBeNullOrEmpty();
        (await caller.PostAsync(page.Form("cancel"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        Sandbox.Faults = SandboxFaults.None;
        (await caller.GetAsync()).Page.QuerySelector(".items .badge")!.TextContent.ShouldBeOneOf("Being cancelled", "Cancelled");
    }

    [Fact]
    public async Task A_night_with_nothing_to_read_says_so()
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);
        for (int night = 0; night < 2; night++)
        {
            await caller.PostAsync((await caller.GetAsync()).Form("run"));
            await caller.EndAsync();
        }

        PageAnswer page = await caller.GetAsync();

        page.Page.QuerySelector("h1")!.TextContent.ShouldBe("The archive is up to date");
        page.Page.QuerySelector(".lead")!.TextContent.ShouldEndWith("It read 0 conversations: 0 messages added, 0 changed, 0 removed.");
        page.Page.QuerySelector(".figures")!.TextContent.ShouldStartWith("Messages200Conversations", Case.Sensitive, "the state is that of the archive, not of the last run");
    }

    [Fact]
    public async Task A_run_that_failed_since_is_the_first_thing_that_the_page_says()
    {
        await using (ServeHost good = await StartAsync())
        {
            PageCaller first = await SignedInAsync(good);
            await first.PostAsync((await first.GetAsync()).Form("run"));
            await first.EndAsync();
        }

        await using ServeHost server = await StartAsync(settings: new KeyValuePair<string, string?>("Kapso:ApiKey", "revoked"));
        PageCaller caller = await SignedInAsync(server);
        await caller.PostAsync((await caller.GetAsync()).Form("run"));
        PageAnswer page = await caller.EndAsync();

        page.Page.QuerySelector("h1")!.TextContent.ShouldBe("The newest run failed");
        page.Page.QuerySelector(".lead .badge.warning")!.TextContent.ShouldBe("Run failed");
        page.Page.QuerySelector("#state > p .badge.bad")!.ParentElement!.TextContent.ShouldContain("key");
        page.Page.QuerySelector(".figures")!.TextContent.ShouldStartWith("Messages200Conversations");
    }

    [Fact]
    public async Task A_snapshot_is_old_when_the_schedule_has_missed_a_night()
    {
        await using (ServeHost first = await StartAsync())
        {
            PageCaller starter = await SignedInAsync(first);
            await starter.PostAsync((await starter.GetAsync()).Form("run"));
            await starter.EndAsync();
        }

        await Sandbox.DisposeAsync(); // No later night can succeed.
        string yearly = $"0 0 2 1 {((DateTime.UtcNow.Month + 5) % 12) + 1} *"; // Half a year from now.
        foreach ((string schedule, string conversations, bool isOld) in ((string, string, bool)[])[("0 0 2 * * *", "all", true), (yearly, "all", false), (yearly, "", true)])
        {
            var time = new ShiftedTime(DateTimeOffset.UtcNow.AddHours(28));
            await using ServeHost server = await StartAsync(time: time, settings: [new("ArchiveSchedule", schedule), new("Archive:Conversations", conversations), new("Kapso:MaxRetries", "0")]);

            PageAnswer page = await (await SignedInAsync(server)).GetAsync();

            (page.Page.QuerySelector(".lead .badge")!.TextContent == "Old").ShouldBe(isOld, schedule);
            page.Page.QuerySelector("h1")!.TextContent.StartsWith("The newest snapshot is 28 hours old", StringComparison.Ordinal).ShouldBe(isOld);
            page.Text.Contains("The next one was due at ").ShouldBe(isOld && conversations == "all");
            page.Page.QuerySelector(".figures")!.TextContent.ShouldMatch(@"Size[0-9.]+ [KM]BAge28 hoursNext run");
        }
    }

    [Fact]
    public async Task With_a_key_in_the_URL_the_page_works_without_showing_the_key()
    {
        const string Address = $"/?code={Key}";
        await using ServeHost server = await StartAsync();
        var caller = new PageCaller(server.Http);

        PageAnswer page = await caller.GetAsync(Address);
        page.Page.QuerySelectorAll("a, form[action]").ShouldBeEmpty();
        PageAnswer sent = await caller.PostAsync(page.Form("run"), Address);
        PageAnswer ended = await caller.EndAsync(Address);
        PageAnswer report = await caller.PostAsync(ended.Page.QuerySelector("#latest-report")!.Closest("form")!.QuerySelectorAll("[name]").ToDictionary(f => f.GetAttribute("name")!, f => f.GetAttribute("value")!), Address);
        (await caller.PostAsync(ended.Form("export"), Address)).Status.ShouldBe(HttpStatusCode.SeeOther);
        ended = await caller.EndAsync(Address);
        PageAnswer manifest = await caller.PostAsync(ended.Form("manifest.json"), Address);

        sent.Status.ShouldBe(HttpStatusCode.SeeOther);
        sent.Headers.Location!.ToString().ShouldStartWith("#item-");
        report.Text.ShouldContain("run report");
        manifest.Text.ShouldContain("\"kind\": \"export\"");
        caller.Cookie.ShouldBeNull();
        foreach (PageAnswer answer in (PageAnswer[])[page, sent, ended, report, manifest])
            $"{answer.Text}{answer.Headers}".ShouldNotContain(Key);
    }
}
