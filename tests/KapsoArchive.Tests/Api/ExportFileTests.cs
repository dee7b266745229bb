using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KapsoArchive.Tests.Api;

/// <summary>What is given out of an export, and that nothing else is.</summary>
public class ExportFileTests : ApiTest
{
    private const string AllFormats = """{"conversations": "all", "formats": ["parquet", "jsonl", "csv"]}""";

    [Fact]
    public async Task Every_file_in_the_status_downloads_unchanged()
    {
        string id = await ExportAsync(AllFormats);

        JsonElement[] files = [.. (await GetAsync($"/api/exports/{id}")).GetProperty("result").GetProperty("files").EnumerateArray()];

        files.Length.ShouldBe(6);
        foreach (JsonElement file in files)
        {
            using HttpResponseMessage answer = await Client.GetAsync(file.GetProperty("url").GetString(), Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            byte[] content = await answer.Content.ReadAsByteArrayAsync(Cancellation);
            string sha256 = file.GetProperty("sha256").GetString()!;
            Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(sha256);
            answer.Content.Headers.ContentLength.ShouldBe(file.GetProperty("bytes").GetInt64());
            answer.Headers.ETag!.ToString().ShouldBe($"\"{sha256}\"");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            string path = file.GetProperty("path").GetString()!;
            answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
            answer.Content.Headers.ContentDisposition.FileName.ShouldBe(Path.GetFileName(path));
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(
                path.EndsWith(".csv", StringComparison.Ordinal) ? "text/csv" : path.EndsWith(".gz", StringComparison.Ordinal) ? "application/gzip" : "application/vnd.apache.parquet");
        }

        using HttpResponseMessage manifest = await Client.GetAsync($"/api/exports/{id}/files/manifest.json", Cancellation);
        manifest.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await manifest.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(Folder, "exports", id, "manifest.json"), Cancellation));
        (await Client.GetByteArrayAsync($"/api/exports/{id}/files/SHA256SUMS", Cancellation)).ShouldBe(
            await File.ReadAllBytesAsync(Path.Combine(Folder, "exports", id, "SHA256SUMS"), Cancellation));
    }

    [Fact]
    public async Task Exported_HTML_is_sent_as_an_attachment()
    {
        string id = await ExportAsync("""{"conversations": "all", "formats": ["html"]}""");

        JsonElement[] pages = [.. (await GetAsync($"/api/exports/{id}")).GetProperty("result").GetProperty("files").EnumerateArray().Where(f => f.GetProperty("format").GetString() == "html")];

        pages.Length.ShouldBe(4);
        foreach (JsonElement page in pages)
        {
            using HttpResponseMessage answer = await Client.GetAsync(page.GetProperty("url").GetString(), Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
            answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
            Convert.ToHexStringLower(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync(Cancellation))).ShouldBe(page.GetProperty("sha256").GetString());
        }
    }

    [Fact]
    public async Task Generated_clients_may_escape_the_slashes_of_a_path()
    {
        string id = await ExportAsync(AllFormats);
        JsonElement file = (await GetAsync($"/api/exports/{id}")).GetProperty("result").GetProperty("files")[0];
        string path = file.GetProperty("path").GetString()!;

        foreach (string slash in (string[])["/", "%2F", "%2f"])
        {
            (int status, string answer) = await GetRawAsync($"/api/exports/{id}/files/{path.Replace("/", slash)}");
            status.ShouldBe(200, answer);
            answer.ShouldContain($"\r\nETag: \"{file.GetProperty("sha256").GetString()}\"\r\n", Case.Insensitive);
            answer.ShouldContain($"filename={path[(path.LastIndexOf('/') + 1)..]}");
        }
    }

    [Fact]
    public async Task An_interrupted_download_resumes_where_it_stopped()
    {
        string url = await FileAsync("messages_csv");
        byte[] whole = await Client.GetByteArrayAsync(url, Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(100, null) } };
        using var beyond = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(whole.Length, null) } };
        using var changed = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(100, null), IfRange = new RangeConditionHeaderValue("\"another\"") } };

        using HttpResponseMessage rest = await Client.SendAsync(request, Cancellation);
        using HttpResponseMessage nothing = await Client.SendAsync(beyond, Cancellation);
        using HttpResponseMessage anew = await Client.SendAsync(changed, Cancellation);

        rest.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await rest.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(whole[100..]);
        nothing.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        anew.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_file_that_the_client_already_has_is_not_sent_again()
    {
        string url = await FileAsync("messages");
        using HttpResponseMessage first = await Client.GetAsync(url, Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };

        using HttpResponseMessage again = await Client.SendAsync(request, Cancellation);

        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task An_unfinished_export_has_no_files()
    {
        using HttpResponseMessage begun = await PostExportAsync(AllFormats);

        using HttpResponseMessage answer = await Client.GetAsync($"{begun.Headers.Location}/files/manifest.json", Cancellation);

        await ShouldBeProblemAsync(answer, HttpStatusCode.Conflict, "not-ready");
        answer.Headers.Location.ShouldBe(begun.Headers.Location);
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_cancelled_export_has_no_files()
    {
        using HttpResponseMessage begun = await PostExportAsync(AllFormats);
        (await Client.DeleteAsync(begun.Headers.Location, Cancellation)).Dispose();
        await Door.WorkAsync();

        using HttpResponseMessage answer = await Client.GetAsync($"{begun.Headers.Location}/files/manifest.json", Cancellation);

        await ShouldBeProblemAsync(answer, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Only_files_in_the_manifest_can_be_downloaded()
    {
        string other = await ExportAsync(AllFormats);
        string id = await ExportAsync(AllFormats);
        const string Secret = "what nobody may read";
        string folder = Path.Combine(Folder, "exports", id);
        foreach (string planted in (string[])[Path.Combine(Folder, "secret.txt"), Path.Combine(folder, "secret.txt"), Path.Combine(folder, "messages", "secret.txt"), Path.Combine(Folder, "_state", "secret.txt")])
            await File.WriteAllTextAsync(planted, Secret, Cancellation);
        string file = (await GetAsync($"/api/exports/{id}")).GetProperty("result").GetProperty("files")[0].GetProperty("path").GetString()!;
        string theirs = (await GetAsync($"/api/exports/{other}")).GetProperty("result").GetProperty("files")[0].GetProperty("path").GetString()!;
        string[] paths =
        [
            "secret.txt", "messages/secret.txt", "./secret.txt", "../secret.txt", "../../secret.txt", "..%2Fsecret.txt", "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt", "..%5Csecret.txt", "..\\secret.txt",
            "%2e%2e/%2e%2e/_state/secret.txt", "../../_state/secret.txt", "_state/secret.txt", "../../../../../../../../etc/passwd", "/etc/passwd", "//etc/passwd", "%2Fetc%2Fpasswd", "C:%5CWindows%5Cwin.ini",
            "file:///etc/passwd", "manifest.json/", "manifest.json/.", "manifest.json/../secret.txt", "manifest.json%2F..%2Fsecret.txt", "manifest.json/%2e%2e/secret.txt", "manifest.json%00", "manifest.json%0A",
            "Manifest.json", "manifest%2Ejson/x", "%00", "%0d%0aX: y", "%01", "%ff", "%c0%ae%c0%ae/secret.txt", "%252e%252e/secret.txt", "%25", "", "/", ".", "..", "*", "?x=manifest.json",
            $"../{other}/{theirs}", $"%2e%2e/{other}/manifest.json", $"{theirs}", $"{file}/", $"{file}/.", $"./{file}", $"/{file}", file.Replace("/", "%2F%2F"), file.Replace("/", "%5C"), file.Replace("/", "//"), file.ToUpperInvariant(),
            $"{id}/{file}", $"exports/{id}/{file}", new string('a', 4_000), string.Join('/', Enumerable.Repeat("..", 500)),
        ];

        foreach (string path in paths)
        {
            (int status, string answer) = await GetRawAsync($"/api/exports/{id}/files/{path}");
            // Dots that lead out of /files/ make it another address, which need not be one of the API's; dots that stay within it may name a file that is given out.
            bool namesAnother = status == 200 && !answer.Contains(Secret) && Encoding.Latin1.GetByteCount(answer) > 0 && IsGivenOut(path);
            (status is 400 or 404 || namesAnother).ShouldBeTrue($"{path}: {answer[..Math.Min(answer.Length, 300)]}");
            answer.ShouldNotContain(Secret, customMessage: path);
            answer.ShouldNotContain("root:", customMessage: path);
        }

        Door.Problems.ShouldBeEmpty();

        // What the server itself makes of dots, before the API sees the path (RFC 3986, 5.2.4), is a file of this export or its status.
        bool IsGivenOut(string path) => new Uri($"http://localhost/api/exports/{id}/files/{path}").AbsolutePath is var plain
            && (plain == $"/api/exports/{id}/files/{file}" || plain == $"/api/exports/{id}/files/manifest.json" || plain == $"/api/exports/{id}" || plain == $"/api/exports/{id}/" || plain == "/api/exports/");
    }

    private async Task<string> FileAsync(string dataset)
    {
        string id = await ExportAsync(AllFormats);
        return (await GetAsync($"/api/exports/{id}")).GetProperty("result").GetProperty("files").EnumerateArray()
            .Single(f => f.GetProperty("dataset").GetString() == dataset).GetProperty("url").GetString()!;
    }
}
