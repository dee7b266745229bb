namespace KapsoArchive.Core.Pages;

/// <summary>What a page says of itself, and what it may do.</summary>
/// <param name="Title">What a browser's tab and a search show.</param>
public sealed record PageHead(string Title)
{
    public PageStyle Style { get; init; } = PageStyle.Shared;

    /// <summary>Whether the page has forms, which go to where it came from.</summary>
    public bool HasForms { get; init; }

    /// <summary>
    /// Whether the browser tells this server alone from which page a form comes. Over plain HTTP it sends no <c>Sec-Fetch-Site</c>, and a form whose origin is not known either is refused.
    /// </summary>
    public bool NamesOrigin { get; init; }

    /// <summary>Where a form may lead besides: the origin of another server, to which this one sends on; null for nowhere.</summary>
    public string? FormTarget { get; init; }

    /// <summary>The page's script, which may ask where the page came from; null for none.</summary>
    public PageScript? Script { get; init; }

    /// <summary>The Content-Security-Policy that the page carries: nothing is fetched, nothing runs, no style but its own, unless it has a script.</summary>
    public string Policy => $"default-src 'none'; style-src {Style.Source}; img-src data:; base-uri 'none'; form-action {FormAction}{(Script is null ? "" : $"; script-src {Script.Source}; connect-src 'self'")}";

    /// <summary>The same for a header, which may also say that no other page shows this one within itself.</summary>
    public string HeaderPolicy => $"{Policy}; frame-ancestors 'none'";

    public string ReferrerPolicy => NamesOrigin ? "same-origin" : "no-referrer";

    private string FormAction => !HasForms ? "'none'" : FormTarget is null ? "'self'" : $"'self' {FormTarget}";
}
