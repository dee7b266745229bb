namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>Marks an endpoint that serves browsers. It accepts a session; the API's endpoints do not.</summary>
internal sealed class PageEndpoint
{
    public static PageEndpoint Instance { get; } = new();
}
