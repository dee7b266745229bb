namespace KapsoArchive.Core.Pages;

/// <summary>A word that says how something stands, in a colour that says the same.</summary>
public enum BadgeTone
{
    /// <summary>It says nothing of good or bad.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Somebody should look at it.</summary>
    Warning,

    /// <summary>It failed.</summary>
    Bad,

    /// <summary>Under way.</summary>
    Active,
}

public static class Badge
{
    public static void Write(HtmlWriter html, BadgeTone tone, string text) => html.Element("span", tone switch
    {
        BadgeTone.Good => "badge good",
        BadgeTone.Warning => "badge warning",
        BadgeTone.Bad => "badge bad",
        BadgeTone.Active => "badge active",
        _ => "badge",
    }, text);
}
