using System.Buffers;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>A problem document as HTML, for browsers.</summary>
internal static class ProblemView
{
    private const string Nothing = "There is no such page, conversation, run, export or file. It may have been deleted since this page " +
        "was opened.";

    /// <param name="home">Address of the start page; null if a link cannot open it.</param>
    public static IResult Of(ProblemDocument problem, string? home)
    {
        var page = new ArrayBufferWriter<byte>();
        var html = new HtmlWriter(page);
        var head = new HtmlHead(problem.Title);
        using (HtmlShell.Begin(html, head, "narrow"))
        {
            html.Element("p", "kicker", "WhatsApp archive");
            html.Element("h1", null, problem.Title);
            html.Element("p", "lead", problem is { Status: StatusCodes.Status404NotFound, Type: "urn:kapso-archive:problem:not-found" }
                ? Nothing : VisibleText.Line(problem.Detail));
            using (html.Element("p"))
            {
                if (home is null)
                {
                    html.Text("Go back in the browser to return to the archive.");
                }
                else
                {
                    html.Link(home, "To the archive");
                }
            }
        }

        return new HtmlResult(head, page.WrittenMemory) { Status = problem.Status };
    }
}
