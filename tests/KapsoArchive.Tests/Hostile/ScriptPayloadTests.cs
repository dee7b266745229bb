using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Reports;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Browser;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Hostile;

/// <summary>Each of 43 scripts in every field that the source fills and in every document that a reader may have forged: pages show it as text, and nothing runs.</summary>
public sealed class ScriptPayloadTests : IDisposable
{
    /// <summary>All that a page of this program is made of.</summary>
    private static readonly HashSet<string> Elements =
    [
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "div", "p", "span", "small", "bdi", "a", "h1", "h2", "h3", "ol", "ul", "li", "dl", "dt", "dd", "time", "details",
        "summary", "pre", "code", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "svg", "rect", "line", "g", "text", "strong", "em", "abbr", "figure", "figcaption", "button", "colgroup", "col", "br", "hr", "i", "b", "path", "label", "input",
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_script_in_any_record_field_is_text_in_export_and_report()
    {
        Payloads.All.Count.ShouldBe(43);
        Payloads.All.ShouldBeUnique();
        await using RawSource source = await RawSource.StartAsync();
        for (int p = 0; p < Payloads.All.Count; p++)
        {
            string conversation = $"payload-{p:D2}";
            source.Add(conversation, Messages(p, Payloads.All[p]), Conversation(conversation, Payloads.All[p]));
        }

        var store = new FolderStore(_folder.Path);
        await using var harness = new RunHarness(source.BaseUrl, store);
        Manifest export = await harness.ExportAsync(TimeRange.All, [PartFormat.Html], Cancellation);
        Manifest night = await harness.RunAsync();

        export.Status.ShouldBe("Succeeded");
        string[] pages = Directory.GetFiles(_folder.File($"exports/{export.RunId}"), "*.html", SearchOption.AllDirectories);
        pages.Length.ShouldBe(Payloads.All.Count + 1);
        foreach (string page in pages)
            ShouldBeText(await File.ReadAllTextAsync(page, Encoding.UTF8, Cancellation), page);
        for (int p = 0; p < Payloads.All.Count; p++)
        {
            string shown = Parse(await File.ReadAllTextAsync(pages.Single(page => page.Contains($"payload-{p:D2}", StringComparison.Ordinal)), Encoding.UTF8, Cancellation)).Body!.TextContent;
            shown.ShouldContain(Payloads.All[p], customMessage: "it can be read as it was written");
        }

        string report = Encoding.UTF8.GetString((await new RunReports(store, new ArchiveStatus(store, TimeProvider.System)).FindAsync(night.RunId, Cancellation)).Page.Span);
        ShouldBeText(report, "report");
        await File.WriteAllTextAsync(_folder.File("report.html"), report, Cancellation);
        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync(
            [.. pages.Where((_, i) => i % 11 == 0).Select((page, i) => BrowserPage.File($"payload-{i}", page)), BrowserPage.File("payload-report", _folder.File("report.html"))], Cancellation);
        foreach (PageVisit visit in visits)
            visit.ShouldSatisfyAllConditions(v => v.Dialogs.ShouldBeEmpty(), v => v.Violations.ShouldBeEmpty(), v => v.Requests.Where(r => !r.StartsWith("data:", StringComparison.Ordinal)).Distinct().ShouldHaveSingleItem());
    }

    [Fact]
    public async Task A_script_in_a_forged_manifest_is_text_in_the_report()
    {
        await using RawSource source = await RawSource.StartAsync();
        source.Add("c-1", Messages(1, "hello"));
        var store = new FolderStore(_folder.Path);
        await using var harness = new RunHarness(source.BaseUrl, store);
        Manifest night = await harness.RunAsync("c-1", "no-such-conversation");
        string file = _folder.File($"_manifests/{night.RunId}.json");
        string honest = await File.ReadAllTextAsync(file, Cancellation);
        int shown = 0;
        foreach (string payload in Payloads.All)
        {
            JsonNode forged = JsonNode.Parse(honest)!;
            foreach (string[] place in (string[][])[["status"], ["trigger"], ["source", "base_url"], ["source", "endpoint"], ["request", "conversations"], ["previous", "run_id"]])
                Forge(forged, place, payload);
            foreach (JsonNode? one in forged["incomplete"]!.AsArray())
                (one!["conversation_id"], one["outcome"], one["reason"]) = (payload, payload, payload);
            foreach (JsonNode? one in forged["files"]!.AsArray())
                (one!["path"], one["format"], one["sha256"]) = (payload, payload, payload);
            await File.WriteAllTextAsync(file, forged.ToJsonString(), Cancellation);
            try
            {
                string report = Encoding.UTF8.GetString((await new RunReports(store, new ArchiveStatus(store, TimeProvider.System)).FindAsync(night.RunId, Cancellation)).Page.Span);
                ShouldBeText(report, payload);
                shown += Parse(report).Body!.TextContent.Contains(payload, StringComparison.Ordinal) ? 1 : 0;
            }
            catch (Exception e) when (e is StoreException or SettingException or InvalidDataException)
            {
                // A forged manifest may be refused; it is never a page that acts.
            }
        }

        shown.ShouldBeGreaterThan(0, "a report that never shows a forged text proves nothing");
    }

    private static void Forge(JsonNode document, string[] place, string text)
    {
        JsonNode? at = document;
        foreach (string name in place[..^1])
            at = at?[name];
        if (at is JsonObject parent && parent.ContainsKey(place[^1]))
            parent[place[^1]] = text;
    }

    private static IEnumerable<string> Messages(int number, string text)
    {
        int at = 0;
        foreach (string type in (string[])["text", "image", "document", "audio", "location", "contacts", "interactive", "template", "reaction", "button", "order", "system", "unsupported", text])
        {
            yield return JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["id"] = $"m-{number}-{at++}{(type == "text" ? text : "")}",
                ["message_type"] = type,
                ["content"] = text,
                ["direction"] = at % 3 == 0 ? text : at % 3 == 1 ? "inbound" : "outbound",
                ["status"] = text,
                ["processing_status"] = text,
                ["phone_number"] = text,
                ["whatsapp_message_id"] = $"wamid.{number}.{at}",
                ["media_url"] = $"https://media.example/{text}?x={text}",
                ["created_at"] = "2026-03-02T09:00:00Z",
                ["updated_at"] = "2026-03-02T09:00:00Z",
                [text] = text,
                ["metadata"] = new Dictionary<string, object?> { [text] = text, ["transcript"] = new { text }, ["errors"] = new[] { new { code = text, title = text } }, ["context"] = new { id = text } },
                ["message_type_data"] = new Dictionary<string, object?>
                {
                    [text] = text,
                    ["text"] = text,
                    ["payload"] = text,
                    ["caption"] = text,
                    ["filename"] = text,
                    ["mime_type"] = text,
                    ["name"] = text,
                    ["address"] = text,
                    ["latitude"] = text,
                    ["longitude"] = text,
                    ["emoji"] = text,
                    ["message_id"] = $"wamid.{number}.1",
                    ["language"] = new { code = text },
                    ["contacts"] = new[] { new { name = new { formatted_name = text }, phones = new[] { new { phone = text } }, emails = new[] { new { email = text } } } },
                    ["interactive"] = new { header = new { text }, body = new { text }, footer = new { text }, action = new { buttons = new[] { new { title = text } }, sections = new[] { new { rows = new[] { new { title = text } } } } } },
                    ["components"] = new[] { new { parameters = new[] { new { text } } } },
                    ["product_items"] = new[] { new { product_retailer_id = text, quantity = text, item_price = text, currency = text } },
                },
            });
        }
    }

    private static string Conversation(string id, string text) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["id"] = id,
        ["phone_number"] = text,
        ["status"] = text,
        ["contact_name"] = text,
        ["kapso"] = new Dictionary<string, object?> { ["contact_name"] = text, [text] = text },
        [text] = text,
    });

    private static IDocument Parse(string html) => new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html);

    private static void ShouldBeText(string html, string which)
    {
        html.ShouldNotContain(Acting.InPages);
        IDocument page = Parse(html);
        foreach (IElement icon in page.QuerySelectorAll("link").Where(e => e.GetAttribute("rel") == "icon" && e.GetAttribute("href")!.StartsWith("data:image/svg+xml,", StringComparison.Ordinal)).ToList())
            icon.Remove(); // Ours: it keeps a browser from asking for one.
        page.All.Select(e => e.LocalName).Except(Elements).ShouldBeEmpty(which);
        foreach (IAttr attribute in page.All.SelectMany(e => e.Attributes))
        {
            attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{which}: {attribute.Name}");
            attribute.Name.ShouldNotBe("srcdoc", which);
            if (attribute.Name is "href" or "src" or "action" or "formaction")
                attribute.Value.ShouldNotMatch(@"^\s*([a-z][a-z0-9+.-]*:|//|\\)", which);
        }
    }
}
