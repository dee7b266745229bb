namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>Marks an endpoint that answers with pages, for people: a session opens it, which opens nothing of the API.</summary>
internal sealed class PageEndpoint
{
    public static PageEndpoint Instance { get; } = new();
}
