namespace KapsoArchive.Tests.Cli.Serve.Browser;

/// <summary>Asks a server as a browser without scripts does, and keeps its cookie.</summary>
internal sealed class PageCaller(HttpClient http)
{
    private static readonly string[] Over = ["Complete", "Not complete", "Failed", "Cancelled", "Expired"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>As the browser sends it; null for none.</summary>
    public string? Cookie { get; set; }

    public Task<PageAnswer> GetAsync(string address = "/") => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative)));

    public Task<PageAnswer> PostAsync(IEnumerable<KeyValuePair<string, string>> fields, string address = "/", params IEnumerable<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, UriKind.Relative)) { Content = new FormUrlEncodedContent(fields) };
        foreach ((string name, string value) in headers)
            request.Headers.Add(name, value);
        return SendAsync(request);
    }

    public Task<PageAnswer> SignInAsync(string key, params IEnumerable<(string Name, string Value)> headers) => PostAsync([new("key", key)], "/sign-in", headers);

    /// <summary>Asks for the page until its newest run or export has ended.</summary>
    public async Task<PageAnswer> EndAsync(string address = "/")
    {
        while (true)
        {
            PageAnswer answer = await GetAsync(address);
            if (answer.Page.QuerySelector(".items > li:first-child .badge") is { } badge && Over.Contains(badge.TextContent))
            {
                answer = await GetAsync(address); // What stands above the list was read before it.
                if (answer.Page.QuerySelector(".figures")?.TextContent.Contains('?') != true) // Until the index is that of the run.
                    return answer;
            }

            await Task.Delay(50, Cancellation);
        }
    }

    public async Task<PageAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (request.Headers.Accept.Count == 0)
                request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
            if (Cookie is not null)
                request.Headers.Add("Cookie", Cookie);
            using HttpResponseMessage response = await http.SendAsync(request, Cancellation);
            var answer = new PageAnswer(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync(Cancellation));
            if (answer.Cookie is { } cookie)
                Cookie = cookie.Split(';')[0] is var pair && pair.EndsWith('=') ? null : pair;
            return answer;
        }
    }
}
