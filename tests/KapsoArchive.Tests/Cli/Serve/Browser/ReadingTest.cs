using System.Net;
using AngleSharp.Dom;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Pages.Conversations;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>What the tests of the pages that show the archive share: an archive whose source is switched off.</summary>
public abstract class ReadingTest : PageTest
{
    protected const string TalkId = "77777777-7777-4777-8777-777777777777";

    /// <summary>Archives what the sandbox has and these conversations, and switches the sandbox off.</summary>
    private protected async Task ArchiveAsync(params Talk[] talks)
    {
        await AddAsync(talks);
        await Sandbox.DisposeAsync();
    }

    private protected async Task AddAsync(params Talk[] talks)
    {
        foreach (Talk talk in talks)
            talk.AddTo(Sandbox);
        await using var harness = new RunHarness(Sandbox.BaseUrl, new FolderStore(Folder.File("lake")));
        (await harness.RunAsync(new RunRequest { Conversations = ConversationSelection.All, Formats = [PartFormat.Parquet], Trigger = "cli", Full = true })).Status.ShouldBe("Succeeded");
    }

    /// <summary>A server without keys and without a source.</summary>
    private protected async Task<(ServeHost Server, PageCaller Caller)> ReadingAsync()
    {
        ServeHost server = await StartAsync("");
        return (server, new PageCaller(server.Http));
    }

    /// <summary>Follows a redirect, as a browser does.</summary>
    private protected static async Task<PageAnswer> FollowAsync(PageCaller caller, PageAnswer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.SeeOther, answer.Text);
        return await caller.GetAsync(answer.Headers.Location!.ToString());
    }

    /// <summary>Sends the form that holds a field, as a browser does.</summary>
    private protected static Task<PageAnswer> SendAsync(PageCaller caller, PageAnswer page, string field, params (string Name, string Value)[] values)
    {
        IElement form = page.Page.QuerySelector($"[name='{field}']").ShouldNotBeNull(page.Text).Closest("form")!;
        Dictionary<string, string> fields = form.QuerySelectorAll("input[name]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        foreach ((string name, string value) in values)
            fields[name] = value;
        return caller.PostAsync(fields, form.GetAttribute("action") ?? throw new InvalidOperationException("It is sent to its page."));
    }

    private protected static string[] Texts(PageAnswer page) => [.. page.Page.QuerySelectorAll(".chat .text").Select(t => t.TextContent)];

    private protected static string? LinkOf(PageAnswer page, string text) => page.Page.QuerySelectorAll("nav a").FirstOrDefault(a => a.TextContent == text)?.GetAttribute("href");

    /// <summary>Every address that a page leads to.</summary>
    private protected static string[] Addresses(PageAnswer page) =>
        [.. page.Page.QuerySelectorAll("[href], [action]").Select(e => e.GetAttribute("href") ?? e.GetAttribute("action")!).Where(a => !a.StartsWith("data:", StringComparison.Ordinal))];
}
