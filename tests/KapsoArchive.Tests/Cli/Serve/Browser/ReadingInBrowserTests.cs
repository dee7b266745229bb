using KapsoArchive.Tests.Browser;
using KapsoArchive.Tests.Hostile;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>The pages that show the archive in a real browser: on a narrow and a wide screen, in light and dark, on paper, and with text that would rather do something else than be read.</summary>
public sealed class ReadingInBrowserTests : ReadingTest
{
    private const string HostileId = "99999999-9999-4999-8999-999999999999";

    [Fact]
    public async Task Every_page_is_accessible_on_every_screen_and_hostile_text_does_nothing()
    {
        await ArchiveAsync(Shop(), Attack());
        await using ServeHost server = await StartAsync("");
        Uri address = server.Http.BaseAddress!;
        BrowserPage Page(string name, string path, params BrowserStep[] steps) => new(name, new Uri(address, path)) { Steps = steps };

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [
                Page("reading-list", "/conversations"),
                Page("reading-found", "/conversations", BrowserStep.Filling("#text", "<script>alert"), BrowserStep.Clicking("form.search button"), BrowserStep.Awaiting("h1")),
                Page("reading-messages", "/conversations", BrowserStep.Filling("#text", "alert"), BrowserStep.Choosing("#in", "messages"), BrowserStep.Clicking("form.search button"), BrowserStep.Awaiting("h1")),
                Page("reading-conversation", $"/conversations/{TalkId}"),
                Page("reading-within", $"/conversations/{TalkId}", BrowserStep.Filling("#text", "pedido"), BrowserStep.Clicking("form.search button"), BrowserStep.Awaiting("h2")),
                Page("reading-hostile", $"/conversations/{HostileId}"),
                Page("reading-wrong", $"/conversations/{TalkId}?from=x"),
                Page("reading-unknown", "/no-such-page"),
            ],
            Cancellation);

        visits.Count.ShouldBe(32);
        foreach (PageVisit visit in visits)
        {
            visit.ShouldSatisfyAllConditions(v => v.Dialogs.ShouldBeEmpty(), v => v.Violations.ShouldBeEmpty(), v => v.Findings.ShouldBeEmpty(v.Page), v => v.Overflow.ShouldBeLessThanOrEqualTo(0, v.Page));
            visit.Requests.ShouldAllBe(r => r.StartsWith(address.ToString(), StringComparison.Ordinal) || r.StartsWith("data:", StringComparison.Ordinal));
            visit.Console.ShouldAllBe(line => line.Contains("the server responded with a status of"), visit.Page); // Chromium says so of every page whose status is 400 or more.
        }
    }

    [Fact]
    public async Task Paper_keeps_the_provenance_and_shows_ids_on_request()
    {
        await ArchiveAsync(Shop());
        await using ServeHost server = await StartAsync("");
        Uri address = new(server.Http.BaseAddress!, $"/conversations/{TalkId}");
        await using HtmlExport export = await HtmlExport.MakeAsync(HtmlExport.Small, [Shop()]);
        const string LastId = "00000041-0000-0000-0102-030405060708";

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [
                new BrowserPage("paper-page", address) { Print = true },
                new BrowserPage("paper-page-ids", address) { Print = true, Steps = [BrowserStep.Clicking("#ids")] },
                BrowserPage.File("paper-document", export.PageOf(TalkId)) with { Print = true },
                BrowserPage.File("paper-document-ids", export.PageOf(TalkId)) with { Print = true, Steps = [BrowserStep.Clicking("#ids")] },
            ],
            Cancellation, expand: false);

        foreach (PageVisit visit in visits)
        {
            visit.Text.ShouldContain("On the left, received: from the customer, María Fernández. On the right, sent: from the business.");
            visit.Text.ShouldContain("Received 21:53");
            visit.Text.ShouldContain("Sent 19:53");
            visit.Text.ShouldContain("SHA-256");
            visit.Text.ShouldMatch("Conversation 77777777-7777-4777-8777-777777777777, complete");
            visit.Text.Contains(LastId).ShouldBe(visit.Page.EndsWith("-ids", StringComparison.Ordinal), visit.Page);
            foreach (string onScreenOnly in (string[])["Show and print", "Sign out", "Export this conversation", "Search in this conversation", "Time zone"])
                visit.Text.ShouldNotContain(onScreenOnly);
        }

        foreach (PageVisit page in visits.Where(v => v.Page.StartsWith("paper-page", StringComparison.Ordinal)))
            page.Text.ShouldMatch(@"Newest run\s+\S+Z-[0-9a-f]{8}\s+Committed\s+20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC");
        foreach (PageVisit document in visits.Where(v => v.Page.StartsWith("paper-document", StringComparison.Ordinal)))
        {
            document.Text.ShouldContain($"Export {export.Manifest.RunId} of {export.Sandbox.BaseUrl}");
            document.Text.ShouldContain(export.Manifest.Files.First(f => f.Dataset == "messages").Sha256);
        }
    }

    private static Talk Shop()
    {
        var talk = new Talk(TalkId);
        talk.Say("Hola, buenos días 👋 Quisiera saber si mi pedido ya salió.");
        string asked = talk.Say("Buenos días, María. ¿Nos compartes tu número de pedido?", outbound: true);
        talk.Say("Claro, es el 48213", data: new { context = new { id = asked } });
        talk.Say("Image attached (recibo.jpeg) [Size: 115.1 KB | Type: image/jpeg] URL: https://app.kapso.ai/x/recibo.jpeg", type: "image", data: new { id = "1", caption = "Aquí está el recibo" }, mediaUrl: "https://app.kapso.ai/x/recibo.jpeg?sig=1");
        talk.Say("مرحبا، شكرا جزيلا على المساعدة", minutes: 24 * 60);
        for (int i = 0; i < 60; i++)
            talk.Say($"El pedido {i} llega mañana entre 9:00 y 13:00.", outbound: i % 3 == 0, minutes: 60);
        return talk;
    }

    private static Talk Attack()
    {
        var talk = new Talk(HostileId, "<script>alert('name')</script>\u202Egnp", "<img src=x onerror=alert(1)>");
        foreach (string text in Payloads.All)
        {
            talk.Say(text);
            talk.Say(text, type: "document", data: new { caption = text, filename = text }, mediaUrl: $"javascript:{text}");
        }

        return talk;
    }
}
