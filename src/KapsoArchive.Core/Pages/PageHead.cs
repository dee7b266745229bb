namespace KapsoArchive.Core.Pages;

/// <summary>What a page says of itself, and what it may do.</summary>
/// <param name="Title">What a browser's tab and a search show.</param>
public sealed record PageHead(string Title)
{
    public PageStyle Style { get; init; } = PageStyle.Shared;

    /// <summary>Whether the page has forms, which go to where it came from.</summary>
    public bool HasForms { get; init; }

    /// <summary>The Content-Security-Policy that the page carries: nothing is fetched, nothing runs, no style but its own.</summary>
    public string Policy => $"default-src 'none'; style-src {Style.Source}; img-src data:; base-uri 'none'; form-action {(HasForms ? "'self'" : "'none'")}";

    /// <summary>The same for a header, which may also say that no other page shows this one within itself.</summary>
    public string HeaderPolicy => $"{Policy}; frame-ancestors 'none'";
}
