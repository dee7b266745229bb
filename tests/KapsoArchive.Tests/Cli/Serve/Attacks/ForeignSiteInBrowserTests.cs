using KapsoArchive.Tests.Browser;
using KapsoArchive.Tests.Cli.Serve.Browser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>The same in a real browser, whose headers nobody has made up.</summary>
public sealed class ForeignSiteInBrowserTests : PageTest
{
    [Fact]
    public async Task Neither_a_form_nor_a_script_of_another_site_starts_a_run()
    {
        await using ServeHost server = await StartAsync("");
        string target = $"{server.Http.BaseAddress}api/runs";
        await using WebApplication evil = await StartEvilAsync(target);
        Uri sameSite = new(evil.Urls.Single());
        Uri crossSite = new($"http://localhost:{sameSite.Port}/");

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [
                .. ((Uri[])[sameSite, crossSite]).SelectMany(address => (BrowserPage[])
                [
                    new("foreign-form", address) { Steps = [BrowserStep.Clicking("#form"), BrowserStep.Awaiting("body:not(:has(#form))")] },
                    new("foreign-fetch", address) { Steps = [BrowserStep.Clicking("#fetch"), BrowserStep.Awaiting("#done")] },
                ]),
            ],
            Cancellation);

        visits.ShouldAllBe(v => v.Requests.Contains(target));
        (await server.RunsAsync()).ShouldBeEmpty();
    }

    private static async Task<WebApplication> StartEvilAsync(string target)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication evil = builder.Build();
        string page = $$"""
            <!doctype html><title>Evil</title>
            <form method="post" action="{{target}}"><button id="form">Form</button></form>
            <button id="fetch">Fetch</button>
            <script>
              document.querySelector('#fetch').onclick = () => fetch('{{target}}', { method: 'POST', mode: 'no-cors' })
                .finally(() => document.body.insertAdjacentHTML('beforeend', '<p id="done">Done</p>'))
            </script>
            """;
        evil.MapGet("/", () => Results.Content(page, "text/html"));
        await evil.StartAsync(Cancellation);
        return evil;
    }
}
