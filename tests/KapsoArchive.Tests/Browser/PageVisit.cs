namespace KapsoArchive.Tests.Browser;

/// <summary>What came of looking at a page in one width and one colour scheme.</summary>
/// <param name="Status">The answer's status; 0 of a file.</param>
/// <param name="Console">Errors and warnings that the browser wrote down.</param>
/// <param name="Violations">What the page's policy kept from happening.</param>
/// <param name="Requests">Every address that was asked for, the page's own first.</param>
/// <param name="Dialogs">What a script of the page put before the reader.</param>
/// <param name="Overflow">By how many pixels the page is wider than the screen.</param>
/// <param name="Findings">What axe calls serious or critical.</param>
/// <param name="Files">What it shows and plays.</param>
/// <param name="Text">What can be read.</param>
/// <param name="Picture">Where the picture lies; null where none was wanted.</param>
public sealed record PageVisit(
    string Page,
    int Width,
    string Scheme,
    int Status,
    string Title,
    IReadOnlyList<string> Console,
    IReadOnlyList<string> Violations,
    IReadOnlyList<string> Requests,
    IReadOnlyList<string> Dialogs,
    int Overflow,
    IReadOnlyList<string> Findings,
    IReadOnlyList<ShownFile> Files,
    string Text,
    string? Picture)
{
    /// <summary>Nothing ran, nothing was fetched, nothing sticks out, and nobody is kept from reading.</summary>
    public void ShouldBeSound()
    {
        string which = $"{Page}, {Width} px, {Scheme}";
        Dialogs.ShouldBeEmpty(which);
        Console.ShouldBeEmpty(which);
        Violations.ShouldBeEmpty(which);
        Requests.Where(r => !r.StartsWith("data:", StringComparison.Ordinal)).Distinct().ShouldHaveSingleItem(which);
        Overflow.ShouldBeLessThanOrEqualTo(0, which);
        Findings.ShouldBeEmpty(which);
    }
}

/// <summary>A picture or a recording of a page.</summary>
/// <param name="Kind">The name of its element.</param>
/// <param name="Extent">The width of a picture, in pixels, or the duration of a recording, in seconds; 0 if the browser could not read it.</param>
public sealed record ShownFile(string Kind, double Extent);
