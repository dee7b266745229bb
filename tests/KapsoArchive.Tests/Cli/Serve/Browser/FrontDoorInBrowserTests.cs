using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Browser;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>The pages in a real browser, on a narrow and a wide screen, in light and dark.</summary>
public sealed class FrontDoorInBrowserTests : PageTest
{
    private const string Done = ".items > li:first-child .badge.good";
    private const string Export = "button[value=export]";

    [Fact]
    public async Task The_front_door_is_accessible_on_every_screen()
    {
        await using ServeHost empty = await StartAsync("", null, new KeyValuePair<string, string?>("Archive:Destination", Folder.File("empty")));
        await using ServeHost server = await StartAsync("");
        var caller = new PageCaller(server.Http);
        await caller.PostAsync((await caller.GetAsync()).Form("run"));
        await caller.EndAsync();
        await caller.PostAsync((await caller.GetAsync()).Form("export"));
        await caller.EndAsync();
        Uri address = server.Http.BaseAddress!;

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [
                new BrowserPage("front-empty", empty.Http.BaseAddress!),
                new BrowserPage("front-full", address),
                new BrowserPage("front-script", address) { Steps = [BrowserStep.Clicking(Export), BrowserStep.Awaiting(Done)] },
            ],
            Cancellation);

        visits.Count.ShouldBe(12);
        foreach (PageVisit visit in visits)
            visit.ShouldBeSound();
    }

    [Fact]
    public async Task With_scripts_the_end_of_an_export_is_shown_without_a_reload()
    {
        Sandbox.Faults = new SandboxFaults { Slow = 1, SlowSeconds = 2, MaxConsecutive = int.MaxValue };
        await using ServeHost server = await StartAsync("");

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [
                new BrowserPage("front-under-way", server.Http.BaseAddress!)
                {
                    Steps =
                    [
                        BrowserStep.Clicking(Export), BrowserStep.Awaiting(".items > li:first-child progress"),
                        BrowserStep.Filling("#conversations", "typed-meanwhile"), BrowserStep.Awaiting($"main:has({Done}) #news:not(:empty)"),
                    ],
                },
            ],
            Cancellation);

        foreach (PageVisit visit in visits)
        {
            visit.ShouldBeSound();
            visit.Requests.Count.ShouldBeGreaterThan(3, "the page, the form, the page again, and then its state");
        }
    }

    [Fact]
    public async Task The_sign_in_and_error_pages_are_accessible_too()
    {
        await using ServeHost server = await StartAsync();
        Uri address = server.Http.BaseAddress!;
        BrowserStep[] signIn = [BrowserStep.Filling("#key", Key), BrowserStep.Clicking("button")];

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [
                new BrowserPage("sign-in-wrong", new Uri(address, "/sign-in")) { Steps = [BrowserStep.Filling("#key", "not-a-key-of-the-server"), BrowserStep.Clicking("button"), BrowserStep.Awaiting("#key-wrong")] },
                new BrowserPage("front-signed-in", address) { Steps = [.. signIn, BrowserStep.Awaiting("#state")] },
                new BrowserPage("front-wrong-field", address) { Steps = [.. signIn, BrowserStep.Filling("#conversations", "one\n../two"), BrowserStep.Clicking(Export), BrowserStep.Awaiting("#conversations-wrong")] },
                new BrowserPage("front-no-page", new Uri(address, $"/runs/nothing/report?code={Key}")),
            ],
            Cancellation);

        visits.Count.ShouldBe(16);
        foreach (PageVisit visit in visits)
        {
            visit.Violations.ShouldBeEmpty(visit.Page);
            visit.Dialogs.ShouldBeEmpty(visit.Page);
            visit.Findings.ShouldBeEmpty(visit.Page);
            visit.Overflow.ShouldBeLessThanOrEqualTo(0, visit.Page);
            visit.Requests.ShouldAllBe(r => r.StartsWith(address.ToString(), StringComparison.Ordinal) || r.StartsWith("data:", StringComparison.Ordinal));
            visit.Console.ShouldAllBe(line => line.Contains("the server responded with a status of"), visit.Page); // Chromium says so of every page whose status is 400 or more.
        }
    }
}
