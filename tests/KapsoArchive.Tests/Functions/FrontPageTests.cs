using System.Net;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Tests.Cli.Serve.Browser;

namespace KapsoArchive.Tests.Functions;

/// <summary>The browser's pages behind the host, at an address with the function's key.</summary>
public sealed class FrontPageTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    [Fact]
    public async Task A_browser_starts_a_run_and_exports_with_a_key_in_the_URL()
    {
        StandInHost host = await StartAsync();
        string address = $"/api/ui?code={host.FunctionKey}";
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Url };
        var browser = new PageCaller(http);

        PageAnswer empty = await browser.GetAsync(address);
        empty.Page.QuerySelector("h1")!.TextContent.ShouldBe("Nothing is archived yet");
        (await browser.PostAsync(empty.Form("run"), address)).Status.ShouldBeOneOf(HttpStatusCode.SeeOther, HttpStatusCode.OK);
        PageAnswer ended = await browser.EndAsync(address);

        ended.Page.QuerySelector("h1")!.TextContent.ShouldBe("The archive is up to date");
    }
}
