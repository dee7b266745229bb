using System.Net;
using KapsoArchive.Tests.Functions.Api;

namespace KapsoArchive.Tests.Functions;

/// <summary>What the host answers itself, without the app: this differs from <c>serve</c>, and the contract of both doors leaves it
/// out.</summary>
[Collection(FunctionsTests.Name)]
public sealed class HostAnswersTests(FunctionsFixture fixture)
{
    private const string None = "";
    private const string Wrong = "a-key-that-nobody-knows";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, HttpStatusCode> Unknown => new()
    {
        { "GET", "/", HttpStatusCode.NotFound },
        { "GET", "/api", HttpStatusCode.NotFound },
        { "GET", "/api/nothing", HttpStatusCode.NotFound },
        { "GET", "/health/live", HttpStatusCode.NotFound },
        { "GET", "/api/exports/a/b", HttpStatusCode.NotFound },
        { "PUT", "/api/exports", HttpStatusCode.NotFound },
        { "DELETE", "/api/runs/20261122T020000Z-1a2b3c4d", HttpStatusCode.NotFound },
        { "HEAD", "/api/runs", HttpStatusCode.NotFound },
        { "OPTIONS", "/api/runs", HttpStatusCode.NotFound },
        { "POST", "/api/health/live", HttpStatusCode.NotFound },
        { "POST", "/api/openapi.json", HttpStatusCode.NotFound },
    };

    public static TheoryData<string, string> Locked => new()
    {
        { "POST", "/api/runs" }, { "GET", "/api/runs" }, { "GET", "/api/runs/x" }, { "GET", "/api/runs/x/report" }, { "GET", "/api/snapshots/latest" },
        { "POST", "/api/exports" }, { "GET", "/api/exports" }, { "GET", "/api/exports/x" }, { "DELETE", "/api/exports/x" }, { "GET", "/api/exports/x/files/manifest.json" },
        { "GET", "/api/conversations" }, { "POST", "/api/conversations/search" }, { "GET", "/api/conversations/x/messages" },
        { "GET", "/api/openapi.json" }, { "GET", "/api/ui" }, { "POST", "/api/ui" },
    };

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task An_unknown_URL_or_method_is_an_empty_404(string method, string path, HttpStatusCode status)
    {
        FunctionsDoor door = await fixture.DoorAsync();

        (await AskAsync(door, method, path, door.Host.FunctionKey)).ShouldBe((status, ""));
    }

    [Theory]
    [MemberData(nameof(Locked))]
    public async Task A_function_needs_a_key_and_the_refusal_is_empty(string method, string path)
    {
        FunctionsDoor door = await fixture.DoorAsync();

        (await AskAsync(door, method, path, None)).ShouldBe((HttpStatusCode.Unauthorized, ""));
        (await AskAsync(door, method, path, Wrong)).ShouldBe((HttpStatusCode.Unauthorized, ""));
        (await AskAsync(door, method, $"{path}?code={Wrong}", None)).ShouldBe((HttpStatusCode.Unauthorized, ""));
    }

    [Theory]
    [InlineData("/api/health/live")]
    [InlineData("/api/health/ready")]
    public async Task Health_needs_no_key(string path)
    {
        FunctionsDoor door = await fixture.DoorAsync();
        await door.ResetAsync(Cancellation);

        (await AskAsync(door, "GET", path, None)).Status.ShouldNotBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_is_accepted_in_header_or_URL_and_the_master_key_everywhere()
    {
        FunctionsDoor door = await fixture.DoorAsync();
        await door.ResetAsync(Cancellation);

        (await AskAsync(door, "GET", "/api/runs", door.Host.FunctionKey)).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(door, "GET", "/api/runs", door.Host.MasterKey)).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(door, "GET", $"/api/runs?code={door.Host.FunctionKey}", None)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(FunctionsDoor door, string method, string path, string key)
    {
        using var http = new HttpClient { BaseAddress = door.Url };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key.Length > 0)
            request.Headers.Add("x-functions-key", key);
        using HttpResponseMessage answer = await http.SendAsync(request, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
