using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AngleSharp.Dom;
using KapsoArchive.Core.Lake;
using KapsoArchive.Tests.Browser;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Pages.Conversations;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>The files behind messages on the pages that show the archive, and how each is sent.</summary>
public sealed class ArchivedFilesTests : ReadingTest
{
    private static readonly byte[] Script = Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");

    [Fact]
    public async Task A_page_shows_pictures_plays_sound_and_links_the_rest()
    {
        MediaRow[] rows = await ArchiveWithFilesAsync();
        await using ServeHost server = await StartAsync("");
        Uri page = new(server.Http.BaseAddress!, $"/conversations/{TalkId}");

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [new("media-conversation", page), new("media-paper", page) { Print = true }], Cancellation);

        foreach (PageVisit visit in visits)
        {
            visit.ShouldSatisfyAllConditions(v => v.Violations.ShouldBeEmpty(), v => v.Console.ShouldBeEmpty(), v => v.Findings.ShouldBeEmpty(), v => v.Dialogs.ShouldBeEmpty(), v => v.Overflow.ShouldBeLessThanOrEqualTo(0));
            visit.Files.ShouldBe([new ShownFile("img", 640), new ShownFile("audio", 3)]);
            foreach (string text in (string[])["recibo.png", "nota.wav", "audio/wav · 24 KB", "contrato.pdf", "unknown type · 71 bytes", "The file is not archived yet: the host answered 503", "The file is not in the archive"])
                visit.Text.ShouldContain(text);
        }

        IReadOnlyList<PageVisit> alone = await Chromium.VisitAsync(
            [.. rows.Take(2).Select((row, i) => new BrowserPage($"media-alone-{i}", new Uri(page, $"{TalkId}/files/{row.Sha256}")) { Print = true })], Cancellation);
        alone.Select(v => v.Files.ShouldHaveSingleItem().Extent).ShouldBe([640, 640, 640, 640, 3, 3, 3, 3]);
    }

    [Fact]
    public async Task A_file_is_sent_with_the_type_of_its_content_and_runs_nothing()
    {
        MediaRow[] rows = await ArchiveWithFilesAsync();
        await using ServeHost server = await StartAsync("");
        (string Type, string Disposition)[] expected =
        [
            ("image/png", "inline; filename=recibo.png; filename*=UTF-8''recibo.png"), ("audio/wav", "inline; filename=nota.wav; filename*=UTF-8''nota.wav"),
            ("application/pdf", "attachment; filename=contrato.pdf; filename*=UTF-8''contrato.pdf"),
            ("application/octet-stream", "attachment; filename=\"foto _____.svg\"; filename*=UTF-8''foto%20%5BU%2B202E%5D%C3%B1.svg"),
        ];

        foreach ((MediaRow row, (string type, string disposition)) in rows.Zip(expected))
        {
            using HttpResponseMessage answer = await server.Http.GetAsync(AddressOf(row.Sha256!), Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (answer.Content.Headers.ContentType!.ToString(), answer.Headers.ETag!.Tag).ShouldBe((type, $"\"{row.Sha256}\""));
            answer.Content.Headers.GetValues("Content-Disposition").Single().Split(';')[0].ShouldBe(disposition.Split(';')[0]);
            answer.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe(Uri.UnescapeDataString(disposition[(disposition.LastIndexOf('\'') + 1)..]));
            (answer.Headers.GetValues("Content-Security-Policy").Single(), answer.Headers.GetValues("X-Content-Type-Options").Single(), answer.Headers.CacheControl!.ToString())
                .ShouldBe((type.StartsWith("audio/", StringComparison.Ordinal) ? "sandbox allow-same-origin; default-src 'none'; media-src 'self'" : "sandbox; default-src 'none'", "nosniff", "private"));
            (await answer.Content.ReadAsByteArrayAsync(Cancellation)).LongLength.ShouldBe(row.Bytes!.Value);
        }

        using var part = new HttpRequestMessage(HttpMethod.Get, AddressOf(rows[1].Sha256!)) { Headers = { Range = new RangeHeaderValue(44, 47) } };
        using HttpResponseMessage seek = await server.Http.SendAsync(part, Cancellation);
        (seek.StatusCode, (await seek.Content.ReadAsByteArrayAsync(Cancellation)).Length).ShouldBe((HttpStatusCode.PartialContent, 4));
        using var known = new HttpRequestMessage(HttpMethod.Get, AddressOf(rows[0].Sha256!)) { Headers = { IfNoneMatch = { new EntityTagHeaderValue($"\"{rows[0].Sha256}\"") } } };
        using HttpResponseMessage same = await server.Http.SendAsync(known, Cancellation);
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_file_needs_a_session_and_belongs_to_one_conversation()
    {
        MediaRow[] rows = await ArchiveWithFilesAsync();
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);

        (await new PageCaller(server.Http).GetAsync(AddressOf(rows[0].Sha256!).ToString())).Status.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (string address in (string[])[$"/conversations/{Guid.Empty}/files/{rows[0].Sha256}", $"/conversations/{TalkId}/files/{new string('0', 64)}", $"/conversations/{TalkId}/files/..%2Flatest.json"])
        {
            PageAnswer answer = await caller.GetAsync(address);
            (answer.Status, answer.MediaType).ShouldBe((HttpStatusCode.NotFound, "text/html"), address);
        }
    }

    [Fact]
    public async Task A_document_of_an_export_shows_its_files_in_the_browser()
    {
        MediaRow[] rows = await ArchiveWithFilesAsync();
        await using ServeHost server = await StartAsync("", settings: [new("Archive:Media", "all")]);
        var caller = new PageCaller(server.Http);
        Dictionary<string, string> form = (await caller.GetAsync()).Form("export");
        (form["conversations"], form["formats"], form["source"]) = (TalkId, "html", "archive");
        PageAnswer begun = await caller.PostAsync(form);
        begun.Status.ShouldBe(HttpStatusCode.SeeOther, begun.Text);
        IElement item; // The index is not that of the newest run here, so the page does not say how much the archive has.
        while ((item = (await caller.GetAsync()).Page.QuerySelectorAll(".items > li").Single(i => i.TextContent.StartsWith("Export of", StringComparison.Ordinal))).QuerySelector(".badge")!.TextContent is "Waiting" or "Running")
            await Task.Delay(100, Cancellation);
        string id = item.Id!["item-".Length..];
        Uri folder = new(server.Http.BaseAddress!, $"/exports/{id}/files/");

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync([new("media-document", new Uri(folder, $"messages_html/{TalkId}/index.html")) { IsScriptless = true }], Cancellation);
        using HttpResponseMessage file = await server.Http.GetAsync(new Uri(folder, rows[3].Path), Cancellation);

        file.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (PageVisit visit in visits)
        {
            visit.Violations.ShouldBeEmpty();
            visit.Files.ShouldBe([new ShownFile("img", 640), new ShownFile("audio", 3)]);
        }

        (file.Content.Headers.ContentType!.MediaType, file.Content.Headers.ContentDisposition!.DispositionType, file.Headers.GetValues("Content-Security-Policy").Single())
            .ShouldBe(("application/octet-stream", "attachment", "sandbox; default-src 'none'"));
    }

    [Fact]
    public async Task The_start_page_and_the_report_count_the_files()
    {
        await ArchiveWithFilesAsync();
        (ServeHost server, PageCaller caller) = await ReadingAsync();
        await using ServeHost _ = server;

        PageAnswer start = await caller.GetAsync("/");
        PageAnswer report = await caller.GetAsync($"/runs/{Path.GetFileNameWithoutExtension(Directory.GetFiles(Folder.File("lake/_manifests")).Max(StringComparer.Ordinal))}/report");

        start.Text.ShouldContain("3 files behind messages are not archived yet");
        report.Page.QuerySelectorAll("table").Single(t => t.TextContent.Contains("Type", StringComparison.Ordinal) && t.TextContent.Contains("wav", StringComparison.Ordinal))
            .QuerySelectorAll("tbody tr").Select(r => string.Join(' ', r.QuerySelectorAll("td").Select(c => c.TextContent))).ShouldContain("wav 1 24,044");
        report.Page.QuerySelector("main")!.TextContent.ShouldContain("Not archived yet3");
    }

    private static Uri AddressOf(string sha256) => new($"/conversations/{TalkId}/files/{sha256}", UriKind.Relative);

    private async Task<MediaRow[]> ArchiveWithFilesAsync()
    {
        var talk = new Talk(TalkId);
        talk.Say("Image attached (recibo.png) [Size: 115.1 KB | Type: image/png] URL: https://app.kapso.ai/x/recibo.png", type: "image", data: new { caption = "Aquí está el recibo" }, mediaUrl: "https://app.kapso.ai/x/recibo.png");
        talk.Say("Audio attached (nota.wav) URL: https://app.kapso.ai/x/nota.wav", type: "audio", data: new { voice = true }, mediaUrl: "https://app.kapso.ai/x/nota.wav");
        talk.Say("Document attached (contrato.pdf)", outbound: true, type: "document", data: new { filename = "contrato.pdf", mime_type = "application/pdf" }, mediaUrl: "https://app.kapso.ai/x/contrato.pdf");
        talk.Say("Image attached (foto.svg)", type: "image", mediaUrl: "https://app.kapso.ai/x/foto.svg");
        talk.Say("Video attached (clip.mp4)", type: "video", mediaUrl: "https://app.kapso.ai/x/clip.mp4");
        talk.Say("Image attached (otra.png)", outbound: true, type: "image", mediaUrl: "https://app.kapso.ai/x/otra.png");
        await ArchiveAsync(talk);
        (MediaRow Row, byte[]? Bytes)[] stored =
        [
            MediaLake.Stored(TalkId, Message(1), MediaLake.Png(640, 480), "image/png", "png", "recibo.png"),
            MediaLake.Stored(TalkId, Message(2), MediaLake.Wav(3), "audio/wav", "wav", "nota.wav"),
            MediaLake.Stored(TalkId, Message(3), "%PDF-1.7\n"u8.ToArray(), "application/pdf", "pdf", "contrato.pdf"),
            MediaLake.Stored(TalkId, Message(4), Script, "application/octet-stream", "bin", "foto \u202Eñ.svg"),
        ];
        await new MediaLake(Folder.File("lake")).AddAsync(Cancellation, [.. stored, (MediaLake.Row(TalkId, Message(5), MediaOutcome.Waiting, "the host answered 503"), null)]);
        return [.. stored.Select(s => s.Row)];
    }

    private static string Message(int number) => new Guid(number, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]).ToString();
}
