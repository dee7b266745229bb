namespace KapsoArchive.Core.Pages;

/// <summary>A style sheet that a page carries in itself: the one that all pages share, and what a kind of page adds to it. A page's policy lets in just this, by its hash.</summary>
public sealed class PageStyle
{
    private PageStyle(params ReadOnlySpan<string> resources)
    {
        string text = "";
        foreach (string resource in resources)
            text += PageResource.Read(resource);
        Text = text;
        Source = PageResource.SourceOf(Text);
    }

    /// <summary>What all pages share.</summary>
    public static PageStyle Shared { get; } = new("shared.css");

    /// <summary>Besides, what conversations are shown with.</summary>
    public static PageStyle Conversation { get; } = new("shared.css", "conversation.css");

    /// <summary>Besides, what the front door is made of.</summary>
    public static PageStyle FrontDoor { get; } = new("shared.css", "front-door.css");

    public string Text { get; }

    /// <summary>As a policy names it.</summary>
    public string Source { get; }
}
