namespace KapsoArchive.Core.Pages;

/// <summary>A script that a page carries in itself. The page's policy lets in just this, by its hash. Every page works without.</summary>
public sealed class PageScript
{
    private PageScript(string resource)
    {
        Text = PageResource.Read(resource);
        Source = PageResource.SourceOf(Text);
    }

    /// <summary>Asks for the page again while something is under way, and puts the new state in the place of the old.</summary>
    public static PageScript Refresh { get; } = new("refresh.js");

    public string Text { get; }

    /// <summary>As a policy names it.</summary>
    public string Source { get; }
}
