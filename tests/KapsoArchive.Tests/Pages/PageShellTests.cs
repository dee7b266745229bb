using KapsoArchive.Core.Pages;

namespace KapsoArchive.Tests.Pages;

public sealed class PageShellTests
{
    [Fact]
    public void A_page_carries_a_policy_that_lets_in_its_own_style_and_nothing_else()
    {
        string html = PageText.Of(page =>
        {
            using (PageShell.Begin(page, new PageHead("A <title>")))
                page.Element("p", null, "text");
        });

        html.ShouldStartWith("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\"");
        System.Net.WebUtility.HtmlDecode(html).ShouldContain($"default-src 'none'; style-src {PageStyle.Shared.Source}; img-src data:; base-uri 'none'; form-action 'none'\"");
        html.ShouldContain("<title>A &lt;title&gt;</title>");
        html.ShouldEndWith("<p>text</p></main></body></html>");
        html.ShouldNotContain("<script");
    }

    [Fact]
    public void A_page_with_a_script_lets_in_that_one()
    {
        PageHead head = new("x") { Script = PageScript.Refresh };

        string html = PageText.Of(page => PageShell.Begin(page, head).Dispose());

        head.Policy.ShouldEndWith($"; script-src {PageScript.Refresh.Source}; connect-src 'self'");
        new PageHead("x").Policy.ShouldNotContain("script-src");
        html.ShouldContain($"<script type=\"module\">{PageScript.Refresh.Text}</script></head>");
        PageScript.Refresh.Text.ShouldNotContain("</", customMessage: "it would end there");
    }

    [Fact]
    public void Only_a_page_with_forms_may_send_one()
    {
        new PageHead("x").Policy.ShouldContain("form-action 'none'");
        new PageHead("x") { HasForms = true }.Policy.ShouldContain("form-action 'self'");
        new PageHead("x") { HasForms = true, FormTarget = "https://store.example" }.Policy.ShouldEndWith("form-action 'self' https://store.example");
        new PageHead("x").HeaderPolicy.ShouldEndWith("; frame-ancestors 'none'");
    }
}
