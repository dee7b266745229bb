using System.Net;
using System.Text.Json.Nodes;
using KapsoArchive.Tests.Cli.Serve.Browser;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>Whoever may write into the folder of an export forges its manifest: the server gives out what lies in that export, and nothing
/// else.</summary>
public sealed class ForgedExportTests : PageTest
{
    private const string Secret = "what nobody may read";

    /// <summary>A link of that name below the export to that target; LAKE, EXPORT and OTHER stand for folders, and OUTSIDE for one beside
    /// the lake.</summary>
    public static TheoryData<string, string, string> Links => new()
    {
        { "secret.txt", "OUTSIDE/secret.txt", "secret.txt" },
        { "messages/secret.txt", "OUTSIDE/secret.txt", "messages/secret.txt" },
        { "folder", "OUTSIDE", "folder/secret.txt" },
        { "folder", "OUTSIDE", "folder" },
        { "folder", "../..", "folder/secret.txt" },
        { "folder", "../../_state", "folder/secret.txt" },
        { "folder", "..", "folder/OTHERID/secret.txt" },
        { "folder", "LAKE", "folder/secret.txt" },
        { "secret.txt", "OTHER/secret.txt", "secret.txt" },
        { "secret.txt", "EXPORT-beside/secret.txt", "secret.txt" },
        { "secret.txt", "/proc/self/environ", "secret.txt" },
        { "secret.txt", "/etc/passwd", "secret.txt" },
        { "secret.txt", "secret.txt", "secret.txt" },
        { "secret.txt", "OUTSIDE/nothing", "secret.txt" },
    };

    /// <summary>Names that no store holds.</summary>
    public static TheoryData<string> Names => new(
        "", ".", "..", "/", "../secret.txt", "../../secret.txt", "../../_state/secret.txt", "messages/../../../secret.txt", "/etc/passwd",
        "//etc/passwd", "./secret.txt", "messages//secret.txt", "messages/", ".hidden", "a:b", "a?b",
        "a*b", "a\\b", "..\\secret.txt", "a\"b", "a<b", "a|b", "a\nb", "a\0b", "a\u007fb", "a.", "a ", "é/\u202e", new string('a', 201),
        string.Join('/', Enumerable.Repeat(new string('a', 100), 6)), "messages", "file:///etc/passwd");

    [Theory]
    [MemberData(nameof(Links))]
    public async Task A_link_gives_no_access_outside_the_export(string link, string target, string path)
    {
        await using ServeHost server = await StartAsync("");
        (string id, string folder) = await ExportAsync(server);
        (string other, string otherFolder) = await ExportAsync(server);
        string lake = Folder.File("lake");
        foreach (string place in (string[])[Folder.File("outside"), lake, Path.Combine(lake, "_state"), otherFolder, $"{folder}-beside"])
        {
            Directory.CreateDirectory(place);
            await File.WriteAllTextAsync(Path.Combine(place, "secret.txt"), Secret, Cancellation);
        }

        target = target.Replace("OUTSIDE", Folder.File("outside")).Replace("LAKE", lake);
        target = target.Replace("EXPORT", folder).Replace("OTHER", otherFolder);
        path = path.Replace("OTHERID", other);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, link))!);
        File.CreateSymbolicLink(Path.Combine(folder, link), target);
        await ForgeAsync(folder, manifest => manifest["files"]![0]!["path"] = path);

        await ShouldGiveNothingAsync(server, id, path);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_invalid_file_name_is_not_found(string path)
    {
        await using ServeHost server = await StartAsync("");
        (string id, string folder) = await ExportAsync(server);
        await File.WriteAllTextAsync(Path.Combine(Folder.File("lake"), "secret.txt"), Secret, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "..", "secret.txt"), Secret, Cancellation);
        await ForgeAsync(folder, manifest => manifest["files"]![0]!["path"] = path);

        await ShouldGiveNothingAsync(server, id, path);
    }

    [Theory]
    [InlineData("sha256", "\"a\\\"b\"")]
    [InlineData("sha256", "\"a\\r\\nX: y\"")]
    [InlineData("sha256", "\"\"")]
    [InlineData("bytes", "-1")]
    [InlineData("bytes", "9223372036854775807")]
    [InlineData("format", "\"<script>\"")]
    public async Task Odd_file_entries_in_a_manifest_do_not_break_the_answer(string member, string value)
    {
        await using ServeHost server = await StartAsync("");
        (string id, string folder) = await ExportAsync(server);
        string path = "";
        await ForgeAsync(folder, manifest =>
        {
            path = (string)manifest["files"]![0]!["path"]!;
            manifest["files"]![0]![member] = JsonNode.Parse(value);
        });

        using HttpResponseMessage answer = await server.Http.GetAsync($"/api/exports/{id}/files/{path}", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(folder, path),
            Cancellation));
        answer.Headers.NonValidated.Contains("X").ShouldBeFalse();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"files\": null}")]
    [InlineData("FILES null")]
    [InlineData("FILES [null]")]
    [InlineData("FILES [{}]")]
    [InlineData("FILES [{\"path\": null, \"dataset\": \"a\", \"format\": \"csv\", \"sha256\": \"\"}]")]
    [InlineData("FILES [{\"path\": \"a\", \"dataset\": \"a\", \"format\": \"csv\", \"sha256\": null}]")]
    public async Task An_invalid_manifest_is_reported_and_hides_nothing_else(string json)
    {
        await using ServeHost server = await StartAsync("");
        (string id, string folder) = await ExportAsync(server);
        if (json.StartsWith("FILES ", StringComparison.Ordinal))
            await ForgeAsync(folder, manifest => manifest["files"] = JsonNode.Parse(json["FILES ".Length..]));
        else
            await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), json, Cancellation);

        foreach (string address in (string[])[$"/api/exports/{id}", $"/api/exports/{id}/files/manifest.json",
            $"/exports/{id}/files/manifest.json"])
        {
            using HttpResponseMessage answer = await server.Http.GetAsync(address, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable,
                $"{address}: {await answer.Content.ReadAsStringAsync(Cancellation)}");
        }

        (await new PageCaller(server.Http).GetAsync()).Page.QuerySelector($"#item-{id}").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_lake_behind_a_link_serves_its_files()
    {
        Directory.CreateDirectory(Folder.File("elsewhere/lake"));
        Directory.CreateSymbolicLink(Folder.File("lake"), Folder.File("elsewhere/lake"));
        await using ServeHost server = await StartAsync("");
        (string id, string folder) = await ExportAsync(server);

        byte[] manifest = await server.Http.GetByteArrayAsync($"/api/exports/{id}/files/manifest.json", Cancellation);

        manifest.ShouldBe(await File.ReadAllBytesAsync(Path.Combine(folder, "manifest.json"), Cancellation));
    }

    private async Task<(string Id, string Folder)> ExportAsync(ServeHost server)
    {
        var caller = new ExportCaller(server.Http);
        string id = (string)(await caller.CreateAsync(new
        {
            conversations = (string[])[Sandbox.Data.Conversations[0].Id],
            formats = (string[])["csv"]
        })).Body["id"]!;
        ((string)(await caller.EndAsync(id))["status"]!).ShouldBe("Succeeded");
        return (id, Path.Combine(Folder.File("lake"), "exports", id));
    }

    private static async Task ForgeAsync(string folder, Action<JsonNode> change)
    {
        string file = Path.Combine(folder, "manifest.json");
        JsonNode manifest = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!;
        change(manifest);
        await File.WriteAllTextAsync(file, manifest.ToJsonString(), Cancellation);
    }

    /// <summary>By the API's address, by the page's, and by the page's form.</summary>
    private static async Task ShouldGiveNothingAsync(ServeHost server, string id, string path)
    {
        string address = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        foreach (string prefix in (string[])["/api/exports", "/exports"])
        {
            string answer = await RawCall.SendAsync(server.Http.BaseAddress!,
                $"GET {prefix}/{id}/files/{address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", Cancellation);
            ShouldHideAll(int.Parse(answer.AsSpan(9, 3)), answer);
        }

        var caller = new PageCaller(server.Http);
        string token = (await caller.GetAsync()).Form("export")["token"];
        PageAnswer file = await caller.PostAsync([new("token", token), new("do", "file"), new("id", id), new("path", path)]);
        file.Status.ShouldBe(path.Contains('\0') ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.NotFound,
            file.Text); // No form holds that character.
        file.Text.ShouldNotContain(Secret);

        using HttpResponseMessage status = await server.Http.GetAsync($"/api/exports/{id}", Cancellation);
        status.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Dots may lead a request away from the files before the API sees it, to what is none of theirs.</summary>
    private static void ShouldHideAll(int status, string answer)
    {
        bool isStatus = status == 200 && answer.Contains("\"progress\":");
        (status is 400 or 404 || isStatus).ShouldBeTrue(answer);
        answer.ShouldNotContain(Secret);
        answer.ShouldNotContain("root:");
        answer.ShouldNotContain("PATH=");
    }
}
