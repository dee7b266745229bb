using System.Security.Cryptography;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Pages.Conversations;

/// <summary>Exports as pages: whole, in order, and part of what the manifest vouches for.</summary>
public sealed class HtmlExportTests
{
    private const string TalkId = "0f0e0d0c-0b0a-4908-8706-050403020100";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_message_is_on_one_page_in_order_even_across_many_row_groups()
    {
        await using HtmlExport export = await HtmlExport.MakeAsync(
            new SandboxOptions { Conversations = 6, Messages = 9_000 }, [], new RunLimits { RowGroupRows = 137, PartBytes = 60_000 }, [PartFormat.Html, PartFormat.Parquet]);
        using var duck = new DuckDb();
        string parts = $"read_parquet('{export.File("messages/*.parquet")}')";

        export.Manifest.Files.Count(f => f.Dataset == "messages").ShouldBeGreaterThan(3);
        foreach (SandboxConversation conversation in export.Sandbox.Data.Conversations)
        {
            DateTime?[] expected = [.. duck.Rows($"SELECT created_at FROM {parts} WHERE conversation_id = '{conversation.Id}' ORDER BY created_at NULLS FIRST").Select(r => (DateTime?)r[0])];
            ManifestFile[] pages = [.. export.Manifest.Files.Where(f => f.Path.StartsWith($"messages_html/{conversation.Id}/", StringComparison.Ordinal))];
            List<IElement> messages = [];
            for (int page = 1; page <= pages.Length; page++)
            {
                IDocument document = await export.ReadAsync(conversation.Id, page == 1 ? "index.html" : $"page-{page:D4}.html");
                IHtmlCollection<IElement> items = document.QuerySelectorAll("ol.chat > li");
                pages[page - 1].Rows.ShouldBe(items.Length);
                messages.AddRange(items);
            }

            messages.Select(m => m.Id).ShouldBe(Enumerable.Range(1, (int)conversation.MessageCount).Select(n => $"m{n}"));
            messages.Select(m => m.QuerySelector("time")?.GetAttribute("datetime") is { } time ? DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime : (DateTime?)null)
                .ShouldBe(expected);
        }
    }

    [Fact]
    public async Task A_conversation_of_100_000_messages_has_100_pages_with_links_by_month()
    {
        await using HtmlExport export = await HtmlExport.MakeAsync(new SandboxOptions { Conversations = 1, Messages = 100_000, IncludeSamples = false }, []);
        string conversation = export.Sandbox.Data.Conversations.Single().Id;

        ManifestFile[] pages = [.. export.Manifest.Files.Where(f => f.Path.StartsWith($"messages_html/{conversation}/", StringComparison.Ordinal))];
        IDocument front = await export.ReadAsync(conversation);
        IDocument last = await export.ReadAsync(conversation, "page-0100.html");

        pages.Length.ShouldBe(100);
        pages.ShouldAllBe(p => p.Rows == 1_000);
        pages.Zip(pages.Skip(1)).ShouldAllBe(pair => pair.First.MaxCreatedAt <= pair.Second.MinCreatedAt);
        last.QuerySelectorAll("ol.chat > li")[^1].Id.ShouldBe("m100000");
        IElement[] months = [.. front.QuerySelectorAll("nav[aria-label=Months] a")];
        months.Length.ShouldBeGreaterThan(1);
        foreach (IElement month in months)
        {
            string[] address = month.GetAttribute("href")!.Split('#');
            IDocument page = await export.ReadAsync(conversation, address[0]);
            page.GetElementById(address[1])!.QuerySelector("time")!.GetAttribute("datetime").ShouldStartWith(month.TextContent);
        }
    }

    [Fact]
    public async Task The_manifest_lists_every_page_and_there_are_no_other_files()
    {
        await using HtmlExport export = await HtmlExport.MakeAsync(new SandboxOptions { Conversations = 3, Messages = 60 }, []);

        export.Manifest.Request.Formats.ShouldBe(["html"]);
        string[] there = [.. Directory.EnumerateFiles(export.File(""), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(export.File(""), f).Replace('\\', '/'))];
        there.ShouldBe([.. export.Manifest.Files.Select(f => f.Path), "manifest.json", "SHA256SUMS"], ignoreOrder: true);
        export.Manifest.Files.Select(f => f.Dataset).Distinct().ShouldBe(["messages", "conversations", "messages_html"], ignoreOrder: true);
        foreach (ManifestFile file in export.Manifest.Files)
        {
            byte[] bytes = await File.ReadAllBytesAsync(export.File(file.Path), Cancellation);
            (bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(bytes))).ShouldBe((file.Bytes, file.Sha256), file.Path);
            await using FileStream content = File.OpenRead(export.File(file.Path));
            (await PartCheck.FindAsync(content, file, export.Manifest.SchemaVersion, Cancellation)).ShouldBeEmpty(file.Path);
        }

        ManifestFile part = export.Manifest.Files.Single(f => f.Dataset == "messages");
        export.Manifest.Files.Where(f => f.Dataset == "messages_html").Sum(f => f.Rows).ShouldBe(part.Rows);
        (await export.ReadAsync(export.Sandbox.Data.Conversations.First(c => c.MessageCount > 0).Id)).Body!.TextContent.ShouldContain($"SHA-256{part.Sha256}");
    }

    [Fact]
    public async Task A_changed_byte_in_a_page_is_found()
    {
        await using HtmlExport export = await HtmlExport.MakeAsync(HtmlExport.Small, []);
        ManifestFile page = export.Manifest.Files.First(f => f.Dataset == "messages_html");
        byte[] bytes = await File.ReadAllBytesAsync(export.File(page.Path), Cancellation);
        bytes[^20] ^= 1;

        (await PartCheck.FindAsync(new MemoryStream(bytes), page, export.Manifest.SchemaVersion, Cancellation)).ShouldHaveSingleItem().ShouldStartWith("has the SHA-256");
    }

    [Fact]
    public async Task The_list_links_to_each_conversation_and_marks_incomplete_ones()
    {
        var talk = new Talk(TalkId);
        talk.Say("Hello");
        await using HtmlExport export = await HtmlExport.MakeAsync(HtmlExport.Small, [talk], conversations: [TalkId, "no-such-conversation"]);

        IDocument list = await export.ReadAsync(".");
        IDocument missing = await export.ReadAsync("no-such-conversation");

        list.QuerySelectorAll("tbody tr").Select(r => string.Join('|', r.Children.Select(c => Regex.Replace(c.TextContent, "[0-9-]+T[0-9:]+Z", "TIME"))))
            .ShouldBe(["+5215550001122|1|2026-03-01|completeas of TIME, from Kapso", "no-such-conversation|0|–|failed"], "its title is the number that its messages have");
        foreach (IElement link in list.QuerySelectorAll("a"))
            File.Exists(export.File($"messages_html/{link.GetAttribute("href")}")).ShouldBeTrue();
        missing.QuerySelector(".badge")!.TextContent.ShouldBe("Failed");
        missing.QuerySelector(".panel.warning")!.TextContent.ShouldBe("Messages may be missing: not found.");
    }

    [Fact]
    public async Task Replies_and_reactions_link_to_their_messages()
    {
        var talk = new Talk(TalkId);
        string first = talk.Say("Is it ready?");
        talk.Say("👍", outbound: true, type: "reaction", data: new { message_id = first, emoji = "👍" });
        talk.Say("❤️", outbound: true, type: "reaction", data: new { message_id = first, emoji = "❤️" });
        talk.Say("Yes, since this morning.", outbound: true, data: new { text = "Yes", context = new { id = first } });
        talk.Say("🙏", type: "reaction", data: new { message_id = "wamid.UNKNOWN", emoji = "🙏" });
        for (int i = 0; i < 1_000; i++)
            talk.Say("and so on");
        talk.Say("As I said.", data: new { context = new { id = first } });
        await using HtmlExport export = await HtmlExport.MakeAsync(HtmlExport.Small, [talk], conversations: [TalkId]);

        IDocument page = await export.ReadAsync(TalkId);
        IDocument second = await export.ReadAsync(TalkId, "page-0002.html");

        page.QuerySelector("#m1 .reactions bdi")!.TextContent.ShouldBe("❤️", "each side has one reaction to a message: the last");
        page.QuerySelector("#m2 a")!.GetAttribute("href").ShouldBe("index.html#m1");
        page.QuerySelector("#m4 .quote a")!.GetAttribute("href").ShouldBe("index.html#m1");
        page.QuerySelector("#m5")!.TextContent.ShouldContain("a message that is not in this export");
        second.QuerySelector("#m1006 .quote a")!.GetAttribute("href").ShouldBe("index.html#m1");
        page.QuerySelector("nav li.next a")!.GetAttribute("href").ShouldBe("page-0002.html");
        second.QuerySelector("nav li a")!.GetAttribute("href").ShouldBe("index.html");
    }

    [Theory]
    [InlineData("sent", "ticks", "✓sent")]
    [InlineData("delivered", "ticks", "✓✓delivered")]
    [InlineData("read", "ticks read", "✓✓read")]
    [InlineData("failed", "failed", "✗ failed")]
    [InlineData("held <b>back</b>", "", "held <b>back</b>")]
    public async Task The_delivery_status_of_a_message_is_shown_in_words_too(string status, string styleClass, string text)
    {
        var talk = new Talk(TalkId);
        talk.Say("Hello", outbound: true, status: status);
        await using HtmlExport export = await HtmlExport.MakeAsync(HtmlExport.Small, [talk], conversations: [TalkId]);

        IElement sign = (await export.ReadAsync(TalkId)).QuerySelector("#m1 .meta > span:last-child")!;

        (sign.ClassName, sign.TextContent).ShouldBe((styleClass, text));
    }

    [Fact]
    public async Task If_the_pages_cannot_be_made_the_export_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var store = new FolderStore(folder.Path);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 4, Messages = 400 }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FailingStore(store, failAt: 4, recovers: true) { Counts = nameof(IStore.StageAsync) });

        await Should.ThrowAsync<StoreException>(() => harness.ExportAsync(TimeRange.All, [PartFormat.Html], Cancellation));

        (await store.ListAsync(StoreArea.Exports, "", Cancellation).CountAsync(Cancellation)).ShouldBe(0, "the part that the pages were made from is taken back");
    }

    [Fact]
    public async Task After_an_interruption_the_pages_are_rebuilt_from_what_was_read()
    {
        using var folder = new TemporaryFolder();
        var store = new FolderStore(folder.Path);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 4, Messages = 400 }, cancellationToken: Cancellation);
        await using var failing = new RunHarness(sandbox.BaseUrl, new FailingStore(store, failAt: 5, recovers: true) { Counts = nameof(IStore.StageAsync) });
        var request = new RunRequest { Conversations = ConversationSelection.All, Formats = [PartFormat.Html], Trigger = "http" };
        string id = (await failing.Exports.CreateAsync(request, operationId: null, Cancellation)).RunId;
        await failing.Worker.HandleAsync(new RunMessage(id, RunKind.Export), Cancellation);
        long requests = sandbox.RequestCount;
        await using var harness = new RunHarness(sandbox.BaseUrl, store, time: new ShiftedTime(DateTimeOffset.UtcNow.AddMinutes(1))); // The next attempt is due.

        await harness.Worker.HandleAsync(new RunMessage(id, RunKind.Export), Cancellation);

        sandbox.RequestCount.ShouldBe(requests, "nothing is read again");
        Manifest manifest = (await harness.Exports.ManifestAsync(id, Cancellation)).ShouldNotBeNull();
        manifest.Files.Where(f => f.Dataset == "messages_html").Sum(f => f.Rows).ShouldBe(400);
        (await store.ListAsync(StoreArea.Exports, "", Cancellation).CountAsync(Cancellation)).ShouldBe(
            manifest.Files.Count + 2, "the manifest and the list of hashes");
    }
}
