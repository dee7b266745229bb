namespace KapsoArchive.Api.Answers;

/// <summary>Addresses within this API. They begin with a slash and name no host: the server knows its own name only from the request, which
/// the client or a proxy wrote. The client resolves them against the address that it requested.</summary>
internal readonly struct Links(PathString pathBase)
{
    private const string Prefix = "/api";

    private readonly string _base = pathBase.ToUriComponent() + Prefix;

    public Links(HttpRequest request)
        : this(request.PathBase)
    {
    }

    public string Exports(int limit, string before) => $"{_base}/exports?limit={limit}&before={before}";

    public string Export(string id) => $"{_base}/exports/{id}";

    public string File(string exportId, string path) =>
        $"{Export(exportId)}/files/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    /// <param name="query">Begins with a question mark.</param>
    public string Conversations(string query) => $"{_base}/conversations{query}";

    /// <inheritdoc cref="Conversations"/>
    public string Messages(string conversationId, string query) =>
        $"{_base}/conversations/{Uri.EscapeDataString(conversationId)}/messages{query}";

    public string Runs(int limit, string before) => $"{_base}/runs?limit={limit}&before={before}";

    public string Run(string id) => $"{_base}/runs/{id}";
}
