using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>What a server has answered to a browser without scripts.</summary>
internal sealed record PageAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public IDocument Page { get; } = new HtmlParser().ParseDocument(System.Text.Encoding.UTF8.GetString(Body));

    public string? MediaType => ContentHeaders.ContentType?.MediaType;

    public string? Cookie => Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies) ? cookies.ShouldHaveSingleItem() : null;

    public string Header(string name) => Headers.GetValues(name).ShouldHaveSingleItem();

    /// <summary>What the form that holds a field or button of that value would send.</summary>
    /// <param name="button">The value of its button.</param>
    public Dictionary<string, string> Form(string button) => Fields(Page.QuerySelector($"button[value='{button}']").ShouldNotBeNull(Text).Closest("form")!, button);

    private static Dictionary<string, string> Fields(IElement form, string button)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (IElement field in form.QuerySelectorAll("input[name], textarea[name]"))
        {
            if (field.GetAttribute("type") != "checkbox" || field.HasAttribute("checked"))
                fields[field.GetAttribute("name")!] = field.LocalName == "textarea" ? field.TextContent : field.GetAttribute("value") ?? "";
        }

        fields[form.QuerySelector($"button[value='{button}']")!.GetAttribute("name")!] = button;
        return fields;
    }
}
