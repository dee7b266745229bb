namespace KapsoArchive.Core.Pages;

/// <summary>An inline script. The document's policy allows only this script, by its hash. Every document works without it.</summary>
public sealed class HtmlScript
{
    private HtmlScript(string resource)
    {
        Text = HtmlResource.Read(resource);
        Source = HtmlResource.SourceOf(Text);
    }

    /// <summary>Reloads the document while work is in progress and replaces the old state with the new one.</summary>
    public static HtmlScript Refresh { get; } = new("refresh.js");

    public string Text { get; }

    /// <summary>Its source expression for a policy.</summary>
    public string Source { get; }
}
