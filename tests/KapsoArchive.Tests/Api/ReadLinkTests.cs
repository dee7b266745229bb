using System.Net;
using KapsoArchive.Api.Answers;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Api;

/// <summary>A store that makes links: the client is sent on to them.</summary>
public sealed class ReadLinkTests : ApiTest
{
    [Fact]
    public async Task The_client_is_redirected_to_a_link_that_is_never_logged()
    {
        string id = await ExportAsync();
        string path = (await GetAsync($"/api/exports/{id}")).GetProperty("result").GetProperty("files")[0].GetProperty("path").GetString()!;
        var store = new LinkingStore(Store);
        ApiHost host = await AnotherAsync(store);

        using HttpResponseMessage answer = await host.Client.GetAsync($"/api/exports/{id}/files/{path}", Cancellation);
        using HttpResponseMessage unknown = await host.Client.GetAsync($"/api/exports/{id}/files/other", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe("https://blobs.invalid/exports/file?sig=s%2Fcret");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        store.Asked.ShouldBe([($"{id}/{path}", Path.GetFileName(path), TimeSpan.FromMinutes(15))]);
        await ShouldBeProblemAsync(unknown, HttpStatusCode.NotFound, "not-found");
        host.Log.Entries.ShouldAllBe(e => !e.Text.Contains("s%2Fcret") && !e.Text.Contains("s/cret"));
    }

    [Fact]
    public void A_server_below_a_path_returns_URLs_below_it_without_a_host()
    {
        var context = new DefaultHttpContext { Request = { PathBase = "/the archive", Host = new HostString("evil.invalid") } };

        var links = new Links(context.Request);

        links.Export("id").ShouldBe("/the%20archive/api/exports/id");
        links.File("id", "messages/a b.csv").ShouldBe("/the%20archive/api/exports/id/files/messages/a%20b.csv");
    }
}
