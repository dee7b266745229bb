using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Api;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>The server searches text across conversations, which the function app leaves to the command line.</summary>
public sealed class TextSearchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_are_found_by_their_text_with_their_conversations()
    {
        using var folder = new TemporaryFolder();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(ApiTest.World, cancellationToken: Cancellation);
        await using ServeHost server = await ServeHost.StartAsync(
            TimeProvider.System,
            [new("Kapso:ApiKey", ApiTest.World.ApiKey), new("Kapso:BaseUrl", sandbox.BaseUrl.ToString()), new("Archive:Conversations", "all"), new("Archive:Destination", folder.File("lake"))]);
        (await server.Http.PostAsync(new Uri("/api/runs", UriKind.Relative), content: null, Cancellation)).Dispose();
        await server.EndedRunsAsync(1, () => { });
        SandboxConversation conversation = sandbox.Data.Conversations[0];
        JsonElement message = JsonElement.Parse(await server.Http.GetStringAsync(new Uri($"/api/conversations/{conversation.Id}/messages?type=text&limit=1", UriKind.Relative), Cancellation)).GetProperty("items")[0];
        string text = message.GetProperty("text").GetString()!;

        JsonElement found = await SearchAsync(server, new { text = text.ToUpperInvariant(), limit = 5 }, HttpStatusCode.OK);
        JsonElement wrong = await SearchAsync(server, new { text, phone = conversation.PhoneNumber }, HttpStatusCode.UnprocessableEntity);
        JsonElement nothing = await SearchAsync(server, new { text = "\u200b" }, HttpStatusCode.UnprocessableEntity);

        JsonElement[] matches = [.. found.GetProperty("messages").GetProperty("items").EnumerateArray()];
        matches.Select(m => m.GetProperty("id").GetString()).ShouldContain(message.GetProperty("id").GetString());
        found.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(matches.Select(m => m.GetProperty("conversationId").GetString()).Distinct());
        wrong.GetProperty("errors").TryGetProperty("text", out _).ShouldBeTrue();
        nothing.GetProperty("errors").TryGetProperty("text", out _).ShouldBeTrue();
    }

    private static async Task<JsonElement> SearchAsync(ServeHost server, object body, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await server.Http.PostAsJsonAsync(new Uri("/api/conversations/search", UriKind.Relative), body, Cancellation);
        answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync(Cancellation));
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }
}
