using System.Buffers;
using KapsoArchive.Core.Pages;
using KapsoArchive.Tests.Browser;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Pages;

/// <summary>The parts that all pages are made of, in a real browser.</summary>
public sealed class SharedStyleTests
{
    [Fact]
    public async Task The_shared_elements_are_accessible_on_every_screen()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("parts.html");
        await File.WriteAllBytesAsync(file, Page().WrittenMemory.ToArray(), TestContext.Current.CancellationToken);

        IReadOnlyList<PageVisit> visits = await Chromium.VisitAsync([BrowserPage.File("parts", file)], TestContext.Current.CancellationToken);

        visits.Count.ShouldBe(4);
        foreach (PageVisit visit in visits)
            visit.ShouldBeSound();
    }

    private static ArrayBufferWriter<byte> Page()
    {
        var output = new ArrayBufferWriter<byte>();
        var html = new HtmlWriter(output);
        using (HtmlShell.Begin(html, new HtmlHead("Parts") { HasForms = true }))
        {
            html.Element("h1", null, "The parts of pages");
            html.Element("p", "lead", "What they look like, and that they can be read.");
            using (html.Element("p"))
            {
                foreach (BadgeTone tone in Enum.GetValues<BadgeTone>())
                    Badge.Write(html, tone, tone.ToString());
            }

            html.Constant("""<div class="panel warning"><h2>A panel</h2><p>With <a href="#table">a link</a> and <code>some code</code>.</p></div>""");
            html.Constant("""<dl class="figures"><div><dt>Messages</dt><dd>1,234,567</dd></div><div><dt>Requests</dt><dd>12,346</dd></div></dl><dl class="facts"><dt>Source</dt><dd>A source</dd></dl>""");
            BarTable.Write(html, "Messages by type", "Type", "Messages", [("text", 120), ("image", 30), ("a_type_with_a_very_long_name_that_goes_on_and_on", 1)]);
            ColumnChart.Write(html, "Messages by day", "Day", "Messages", [.. Enumerable.Range(1, 28).Select(day => ($"2026-02-{day:00}", (long)(day * 37 % 100)))]);
            using (html.Element("div", "scroll"))
            {
                html.Attribute("tabindex", "0");
                html.Attribute("role", "region");
                html.Attribute("aria-label", "A wide table");
                html.Constant("""<table id="table"><thead><tr><th scope="col">File</th><th scope="col" class="number">Rows</th><th scope="col">Hash</th></tr></thead><tbody><tr><td>part-00000.parquet</td><td class="number">1,000</td><td class="mono">0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef</td></tr></tbody></table>""");
            }

            html.Constant("""<form action="/" method="post"><label for="key">A field</label><input id="key" name="key" type="password"><p><button>A button</button></p></form><footer><p>An end.</p></footer>""");
        }

        return output;
    }
}
