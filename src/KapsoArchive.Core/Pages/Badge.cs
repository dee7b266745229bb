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
    public static void Write(HtmlWriter html, BadgeTone tone, string text) =>
        html.Element("span", tone == BadgeTone.Plain ? "badge" : $"badge {ClassOf(tone)}", text);

    /// <summary>The class of the style sheet that colours a badge or a panel.</summary>
    public static string ClassOf(BadgeTone tone) => tone.ToString().ToLowerInvariant();
}
