using System.Text.Json;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>The API as somebody reads it who trusts it: one page after the other, with a bare client.</summary>
internal sealed class Source(HttpClient http) : IDisposable
{
    private const int PerPage = 100;

    public static Source At(string url)
    {
        var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Add("X-API-Key", "sandbox-key");
        return new Source(http);
    }

    public async Task<List<string>> ConversationsAsync()
    {
        List<string> ids = [];
        for (int page = 1; ; page++)
        {
            using JsonDocument list = JsonDocument.Parse(await http.GetByteArrayAsync($"whatsapp_conversations?page={page}&per_page={PerPage}"));
            ids.AddRange(list.RootElement.GetProperty("data").EnumerateArray().Select(c => c.GetProperty("id").GetString()!));
            if (page >= list.RootElement.GetProperty("meta").GetProperty("total_pages").GetInt32())
                return ids;
        }
    }

    public Task<byte[]> PageAsync(string conversation, int page) =>
        http.GetByteArrayAsync($"whatsapp_conversations/{conversation}/whatsapp_messages?page={page}&per_page={PerPage}");

    public void Dispose() => http.Dispose();
}
