namespace KapsoArchive.Core.Pages;

/// <summary>The metadata and permissions of an HTML document.</summary>
/// <param name="Title">The title in browser tabs and search results.</param>
public sealed record HtmlHead(string Title)
{
    public HtmlStyle Style { get; init; } = HtmlStyle.Shared;

    /// <summary>Whether the document has forms, which post to its own origin.</summary>
    public bool HasForms { get; init; }

    /// <summary>Whether the document shows and plays files of its own origin.</summary>
    public bool HasFiles { get; init; }

    /// <summary>Whether the browser sends the origin of a form to this server only. Over plain HTTP it sends no <c>Sec-Fetch-Site</c>, and
    /// a form without a known origin is refused.</summary>
    public bool NamesOrigin { get; init; }

    /// <summary>Another origin that a form may lead to, because this server redirects there; null to allow this server only.</summary>
    public string? FormTarget { get; init; }

    /// <summary>The document's script, which may fetch from the document's own origin; null for a document without script.</summary>
    public HtmlScript? Script { get; init; }

    /// <summary>The Content-Security-Policy in the document: no code, only its own styles, and no requests, unless it
    /// has files or a script.</summary>
    public string Policy =>
        $"default-src 'none'; style-src {Style.Source}; img-src {(HasFiles ? "'self' data:; media-src 'self'" : "data:")}; "
        + "base-uri 'none'; form-action "
        + $"{FormAction}{(Script is null ? "" : $"; script-src {Script.Source}; connect-src 'self'")}";

    /// <summary>The same for a header, which can also forbid framing.</summary>
    public string HeaderPolicy => $"{Policy}; frame-ancestors 'none'";

    public string ReferrerPolicy => NamesOrigin ? "same-origin" : "no-referrer";

    private string FormAction => !HasForms ? "'none'" : FormTarget is null ? "'self'" : $"'self' {FormTarget}";
}
