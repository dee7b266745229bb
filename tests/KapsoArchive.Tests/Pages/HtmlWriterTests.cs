using KapsoArchive.Core.Pages;

namespace KapsoArchive.Tests.Pages;

public sealed class HtmlWriterTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\" onmouseover=\"alert(1)")]
    [InlineData("'><img src=x onerror=alert(1)>")]
    [InlineData("&lt;script&gt;")]
    public void Text_and_attributes_are_encoded(string hostile)
    {
        string html = PageText.Of(page =>
        {
            using (page.Element("p", hostile))
            {
                page.Attribute("title", hostile);
                page.Text(hostile);
            }
        });

        html.Count(c => c == '<').ShouldBe(2, html);
        html.Count(c => c == '"').ShouldBe(4, html);
        html.ShouldNotContain(hostile);
        System.Net.WebUtility.HtmlDecode(html).ShouldContain($">{hostile}</p>");
    }

    [Fact]
    public void Text_of_any_length_is_written_completely()
    {
        string text = string.Concat(Enumerable.Repeat("a<é👋", 20_000));

        string html = PageText.Of(page => page.Element("p", null, text));

        System.Net.WebUtility.HtmlDecode(html).ShouldBe($"<p>{text}</p>");
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData(" javascript:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("https://example.com/")]
    [InlineData("//example.com/")]
    [InlineData("\\\\example.com/")]
    public void A_page_links_only_to_pages_beside_it(string address) => Should.Throw<ArgumentException>(() => PageText.Of(page =>
    {
        using (page.Element("a"))
            page.Attribute("href", address);
    }));

    [Theory]
    [InlineData("#day")]
    [InlineData("page-0002.html#day")]
    [InlineData("../index.html?a:b")]
    [InlineData("/")]
    public void Links_to_pages_beside_it_are_accepted(string address) => PageText.Of(page =>
    {
        using (page.Element("a"))
            page.Attribute("href", address);
    }).ShouldStartWith("<a href=");

    [Fact]
    public void An_element_is_closed_only_after_those_within_it() => Should.Throw<InvalidOperationException>(() => PageText.Of(page =>
    {
        HtmlElement outer = page.Element("div");
        page.Element("p");
        outer.Dispose();
    }));
}
