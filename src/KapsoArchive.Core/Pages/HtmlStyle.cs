namespace KapsoArchive.Core.Pages;

/// <summary>An inline style sheet: the shared rules plus those for one kind of document. The document's policy allows only this style
/// sheet, by its hash.</summary>
public sealed class HtmlStyle
{
    private HtmlStyle(params ReadOnlySpan<string> resources)
    {
        string text = "";
        foreach (string resource in resources)
            text += HtmlResource.Read(resource);
        Text = text;
        Source = HtmlResource.SourceOf(Text);
    }

    /// <summary>The rules for all documents.</summary>
    public static HtmlStyle Shared { get; } = new("shared.css");

    /// <summary>The shared rules plus those for conversations.</summary>
    public static HtmlStyle Conversation { get; } = new("shared.css", "conversation.css");

    /// <summary>The shared rules plus those for the front door.</summary>
    public static HtmlStyle FrontDoor { get; } = new("shared.css", "front-door.css");

    /// <summary>The rules for conversations plus those for the front door.</summary>
    public static HtmlStyle Reading { get; } = new("shared.css", "conversation.css", "front-door.css");

    public string Text { get; }

    /// <summary>Its source expression for a policy.</summary>
    public string Source { get; }
}
