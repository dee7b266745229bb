using System.Net;
using KapsoArchive.Tests.Cli.Serve.Browser;
using KapsoArchive.Tests.Damage;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>Whoever may write into the folder of an export puts something into a file's place that is no file: a pipe, on which a reader would
/// wait for ever.</summary>
public sealed class StrangeExportFileTests : PageTest
{
    public static TheoryData<string> Kinds => [.. StrangeFile.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_strange_file_is_not_sent_and_delays_no_request(string kind)
    {
        await using ServeHost server = await StartAsync("");
        var caller = new ExportCaller(server.Http);
        string id = (string)(await caller.CreateAsync(new { conversations = (string[])[Sandbox.Data.Conversations[0].Id], formats = (string[])["csv"] })).Body["id"]!;
        ((string)(await caller.EndAsync(id))["status"]!).ShouldBe("Succeeded");
        string folder = Path.Combine(Folder.File("lake"), "exports", id);
        string file = Directory.GetFiles(Path.Combine(folder, "messages_csv"), "*.csv").ShouldHaveSingleItem();
        string name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
        File.Delete(file);
        Directory.CreateDirectory(Folder.File("outside"));
        StrangeFile.Kinds[kind](file, Folder.File("outside"));

        foreach (string address in (string[])[$"/api/exports/{id}/files/{name}", $"/exports/{id}/files/{name}"])
        {
            using HttpResponseMessage answer = await server.Http.GetAsync(new Uri(address, UriKind.Relative), Cancellation);
            string said = await answer.Content.ReadAsStringAsync(Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, said);
            said.ShouldNotContain("secret");
        }

        using HttpResponseMessage ready = await server.Http.GetAsync(new Uri("/api/health/ready", UriKind.Relative), Cancellation);
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        StrangeFile.Remove(file);
    }
}
