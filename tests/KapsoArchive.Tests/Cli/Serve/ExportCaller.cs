using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>Asks a server for exports, as a program of a customer does.</summary>
internal sealed class ExportCaller(HttpClient http)
{
    private static readonly string[] Ended = ["Succeeded", "PartiallySucceeded", "Failed", "Canceled"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<(HttpStatusCode Status, JsonNode Body, Uri? Location)> CreateAsync(object body, string? operationId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/exports", UriKind.Relative)) { Content = JsonContent.Create(body) };
        if (operationId is not null)
            request.Headers.Add("Operation-Id", operationId);
        using HttpResponseMessage response = await http.SendAsync(request, Cancellation);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!, response.Headers.Location);
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation))!;

    public Task<JsonNode> StatusAsync(string id) => GetAsync($"/api/exports/{id}");

    /// <summary>Polls until the export is as wanted.</summary>
    public async Task<JsonNode> UntilAsync(string id, Func<JsonNode, bool> isWanted)
    {
        while (true)
        {
            JsonNode status = await StatusAsync(id);
            if (isWanted(status))
                return status;
            Ended.ShouldNotContain((string)status["status"]!, $"it has ended otherwise: {status}");
            await Task.Delay(50, Cancellation);
        }
    }

    /// <summary>Polls until the export has ended.</summary>
    public Task<JsonNode> EndAsync(string id) => UntilAsync(id, status => Ended.Contains((string)status["status"]!));

    /// <summary>Downloads all files of an export into a folder, through read links where the server gives any, and checks their hashes.</summary>
    public async Task DownloadAsync(JsonNode status, string folder)
    {
        using var anybody = new HttpClient();
        foreach (JsonNode file in status["result"]!["files"]!.AsArray().Select(f => f!))
        {
            byte[] content;
            using (HttpResponseMessage response = await http.GetAsync(new Uri((string)file["url"]!, UriKind.Relative), Cancellation))
            {
                content = response.StatusCode == HttpStatusCode.Redirect
                    ? await anybody.GetByteArrayAsync(response.Headers.Location, Cancellation)
                    : await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(Cancellation);
            }

            Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe((string)file["sha256"]!);
            string target = Path.Combine(folder, (string)file["path"]!);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, content, Cancellation);
        }
    }

    public async Task<HttpStatusCode> CancelAsync(string id)
    {
        using HttpResponseMessage response = await http.DeleteAsync(new Uri($"/api/exports/{id}", UriKind.Relative), Cancellation);
        return response.StatusCode;
    }
}
