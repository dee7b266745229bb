namespace KapsoArchive.Core.Pages;

/// <summary>The tone of a status word, shown as its colour.</summary>
public enum BadgeTone
{
    /// <summary>Neutral.</summary>
    Plain,

    /// <summary>As expected.</summary>
    Good,

    /// <summary>Needs attention.</summary>
    Warning,

    /// <summary>Failed.</summary>
    Bad,

    /// <summary>In progress.</summary>
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
