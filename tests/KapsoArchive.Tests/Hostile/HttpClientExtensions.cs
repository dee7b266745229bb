namespace KapsoArchive.Tests.Hostile;

/// <summary>For a test that looks at answers, whatever their status is.</summary>
internal static class HttpClientExtensions
{
    public static async Task<string> GetStringOrProblemAsync(this HttpClient http, string address, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri(address, UriKind.Relative), cancellationToken);
        return $"{answer.Headers}{answer.Content.Headers}\n{await answer.Content.ReadAsStringAsync(cancellationToken)}".Replace("\r", "", StringComparison.Ordinal);
    }
}
