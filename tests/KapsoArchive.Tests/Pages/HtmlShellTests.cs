using KapsoArchive.Core.Pages;

namespace KapsoArchive.Tests.Pages;

public sealed class HtmlShellTests
{
    [Fact]
    public void A_page_has_a_policy_that_allows_only_its_own_style()
    {
        string html = PageText.Of(page =>
        {
            using (HtmlShell.Begin(page, new HtmlHead("A <title>")))
                page.Element("p", null, "text");
        });

        html.ShouldStartWith("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\"");
        System.Net.WebUtility.HtmlDecode(html).ShouldContain($"default-src 'none'; style-src {HtmlStyle.Shared.Source}; img-src data:; base-uri 'none'; form-action 'none'\"");
        html.ShouldContain("<title>A &lt;title&gt;</title>");
        html.ShouldEndWith("<p>text</p></main></body></html>");
        html.ShouldNotContain("<script");
    }

    [Fact]
    public void A_page_with_a_script_allows_only_that_script()
    {
        HtmlHead head = new("x") { Script = HtmlScript.Refresh };

        string html = PageText.Of(page => HtmlShell.Begin(page, head).Dispose());

        head.Policy.ShouldEndWith($"; script-src {HtmlScript.Refresh.Source}; connect-src 'self'");
        new HtmlHead("x").Policy.ShouldNotContain("script-src");
        html.ShouldContain($"<script type=\"module\">{HtmlScript.Refresh.Text}</script></head>");
        HtmlScript.Refresh.Text.ShouldNotContain("</", customMessage: "it would end there");
    }

    [Fact]
    public void Only_a_page_with_forms_may_send_one()
    {
        new HtmlHead("x").Policy.ShouldContain("form-action 'none'");
        new HtmlHead("x") { HasForms = true }.Policy.ShouldContain("form-action 'self'");
        new HtmlHead("x") { HasForms = true, FormTarget = "https://store.example" }.Policy.ShouldEndWith("form-action 'self' https://store.example");
        new HtmlHead("x").HeaderPolicy.ShouldEndWith("; frame-ancestors 'none'");
    }
}
