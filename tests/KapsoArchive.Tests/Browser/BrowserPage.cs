namespace KapsoArchive.Tests.Browser;

/// <summary>A page to look at.</summary>
/// <param name="Name">What its pictures are called.</param>
/// <param name="Address">Where it is: an http address, or that of a file.</param>
public sealed record BrowserPage(string Name, Uri Address)
{
    /// <summary>Sent with every request, such as an API key.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What is done on the page before it is looked at.</summary>
    public IReadOnlyList<BrowserStep> Steps { get; init; } = [];

    /// <summary>Whether it is looked at as on paper.</summary>
    public bool Print { get; init; }

    /// <summary>Whether it has no network.</summary>
    public bool Offline { get; init; }

    /// <summary>Whether its policy lets no script run. What judges accessibility is a script that waits for timers, so it cannot judge it.</summary>
    public bool IsScriptless { get; init; }

    public static BrowserPage File(string name, string path) => new(name, new Uri(new Uri(Path.GetFullPath(path)).AbsoluteUri));
}

/// <summary>Fills the field that a selector names with a text, chooses a value of the menu that it names, clicks what a selector names, or waits until there is something that it names.</summary>
public sealed record BrowserStep(string? Fill, string? Text, string? Click, string? Await)
{
    public string? Choose { get; init; }

    public static BrowserStep Choosing(string selector, string value) => new(null, value, null, null) { Choose = selector };

    public static BrowserStep Filling(string selector, string text) => new(selector, text, null, null);

    public static BrowserStep Clicking(string selector) => new(null, null, selector, null);

    public static BrowserStep Awaiting(string selector) => new(null, null, null, selector);
}
