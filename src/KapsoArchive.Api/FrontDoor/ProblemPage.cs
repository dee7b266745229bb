namespace KapsoArchive.Api.FrontDoor;

/// <summary>A problem of a host as HTML, for browsers.</summary>
public static class ProblemPage
{
    /// <summary>A page with a link to the start page.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="title">The kind of problem.</param>
    /// <param name="detail">The problem, and what to do.</param>
    public static IResult Of(HttpRequest request, int status, string title, string detail) => ProblemView.Of(
        status == StatusCodes.Status404NotFound
            ? Problems.NotFound(detail).Problem
            : new ProblemDocument("about:blank", title, status, detail),
        SignInViews.HomeOf(request));
}
