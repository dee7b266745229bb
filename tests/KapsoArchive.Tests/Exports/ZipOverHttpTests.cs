using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KapsoArchive.Tests.Api;

namespace KapsoArchive.Tests.Exports;

/// <summary>The zip is asked for, made and fetched over HTTP like any other file.</summary>
public sealed class ZipOverHttpTests : ApiTest
{
    [Fact]
    public async Task A_zip_is_a_file_of_the_export()
    {
        string id = await ExportAsync("""{"conversations": "all", "formats": ["xlsx", "html"], "zip": true}""");

        JsonElement[] files = [.. (await GetAsync($"/api/exports/{id}")).GetProperty("result").GetProperty("files").EnumerateArray()];
        using HttpResponseMessage zip = await Client.GetAsync(UrlOf("zip"), Cancellation);
        using HttpResponseMessage workbook = await Client.GetAsync(UrlOf("xlsx"), Cancellation);

        zip.StatusCode.ShouldBe(HttpStatusCode.OK);
        zip.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        zip.Content.Headers.ContentDisposition!.FileName.ShouldBe($"kapso-archive-{id}.zip");
        byte[] bytes = await zip.Content.ReadAsByteArrayAsync(Cancellation);
        Convert.ToHexStringLower(SHA256.HashData(bytes)).ShouldBe(files.Single(f => f.GetProperty("format").GetString() == "zip").GetProperty("sha256").GetString());
        using (var archive = new ZipArchive(new MemoryStream(bytes)))
            archive.Entries.Count(e => e.FullName.EndsWith("/index.html", StringComparison.Ordinal)).ShouldBe(3);
        workbook.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        string[] names = [.. await Task.WhenAll(files.Where(f => f.GetProperty("format").GetString() == "html").Select(async f =>
        {
            using HttpResponseMessage page = await Client.GetAsync(f.GetProperty("url").GetString(), Cancellation);
            return page.Content.Headers.ContentDisposition!.FileName!;
        }))];
        names.Distinct().Count().ShouldBe(4, "each document has a name of its own");
        names.ShouldContain("conversations-index.html");

        string UrlOf(string format) => files.Single(f => f.GetProperty("format").GetString() == format).GetProperty("url").GetString()!;
    }

    [Theory]
    [InlineData("\"yes\"", "It is a string. Use true or false.")]
    [InlineData("1", "It is a number. Use true or false.")]
    public async Task Another_value_is_refused(string value, string sentence)
    {
        using var body = new StringContent($$"""{"conversations": "all", "zip": {{value}}}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await Client.PostAsync("/api/exports", body, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("errors").GetProperty("zip")[0].GetString().ShouldBe(sentence);
    }
}
