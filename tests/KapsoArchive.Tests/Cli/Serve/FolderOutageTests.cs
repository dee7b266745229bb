using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>A folder that goes away, as a disk does that is taken off, while the server runs; and comes back.</summary>
public sealed class FolderOutageTests : IAsyncLifetime
{
    private static readonly SandboxOptions World = new() { Conversations = 4, Messages = 200 };

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private SandboxServer? _sandbox;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SandboxServer Sandbox => _sandbox!;

    private string Lake => _folder.File("lake");

    private string Away => _folder.File("away");

    public async ValueTask InitializeAsync() => _sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Without_its_folder_the_server_answers_503_and_health_names_the_store()
    {
        await using ServeHost server = await StartAsync();
        string id = await CreateAsync(server);
        await EndAsync(server, id);

        TakeAway();
        _time.Advance(TimeSpan.FromSeconds(6)); // A look at the store serves those who ask in the next five seconds.
        using HttpResponseMessage ready = await server.Http.GetAsync(new Uri("/api/health/ready", UriKind.Relative), Cancellation);
        foreach (string address in (string[])["/api/exports", $"/api/exports/{id}", $"/api/exports/{id}/files/manifest.json", "/api/runs", "/api/snapshots/latest"])
        {
            using HttpResponseMessage answer = await server.Http.GetAsync(new Uri(address, UriKind.Relative), Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, address);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            answer.Headers.RetryAfter.ShouldNotBeNull();
            (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain(_folder.Path);
        }

        using HttpResponseMessage refused = await PostAsync(server);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        JsonNode checks = JsonNode.Parse(await ready.Content.ReadAsStringAsync(Cancellation))!["checks"]!;
        ((string)checks["store"]!).ShouldStartWith("The store cannot be read.");
        ((string)checks["queue"]!).ShouldBe("ok");
        using HttpResponseMessage live = await server.Http.GetAsync(new Uri("/api/health/live", UriKind.Relative), Cancellation);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);

        BringBack();
        _time.Advance(TimeSpan.FromSeconds(6));
        using HttpResponseMessage readyAgain = await server.Http.GetAsync(new Uri("/api/health/ready", UriKind.Relative), Cancellation);
        readyAgain.StatusCode.ShouldBe(HttpStatusCode.OK);
        ((string)(await StatusAsync(server, id))["status"]!).ShouldBe("Succeeded");
        ((string)(await EndAsync(server, await CreateAsync(server)))["status"]!).ShouldBe("Succeeded");
    }

    [Fact]
    public async Task An_accepted_export_continues_when_the_folder_is_back()
    {
        var leave = new TaskCompletionSource();
        var isAtWork = new TaskCompletionSource();
        Sandbox.Listings.Moving(Sandbox.Data.Conversations[2].Id).After(0, _ =>
        {
            isAtWork.TrySetResult();
            leave.Task.Wait(Cancellation);
        });
        await using ServeHost server = await StartAsync();
        string id = await CreateAsync(server);
        await isAtWork.Task;

        TakeAway();
        leave.SetResult();
        while (!server.Log.Problems.Any(p => p.Contains(id) && p.Contains("attempt 1 failed")))
            await PassAsync();
        BringBack();
        JsonNode ended = await EndAsync(server, id);

        ((string)ended["status"]!, (long)ended["progress"]!["messages"]!).ShouldBe(("Succeeded", 200));
    }

    /// <summary>A file lies in its place, so that nobody makes it anew: also not who may do everything.</summary>
    private void TakeAway()
    {
        Directory.Move(Lake, Away);
        File.WriteAllText(Lake, "");
    }

    private void BringBack()
    {
        File.Delete(Lake);
        Directory.Move(Away, Lake);
    }

    private async Task PassAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.Delay(10, Cancellation);
    }

    private async Task<JsonNode> EndAsync(ServeHost server, string id)
    {
        while (true)
        {
            JsonNode status = await StatusAsync(server, id);
            if ((string)status["status"]! is not ("NotStarted" or "Running"))
                return status;
            await PassAsync();
        }
    }

    private static async Task<JsonNode> StatusAsync(ServeHost server, string id) => JsonNode.Parse(await server.Http.GetStringAsync(new Uri($"/api/exports/{id}", UriKind.Relative), Cancellation))!;

    private static async Task<string> CreateAsync(ServeHost server)
    {
        using HttpResponseMessage accepted = await PostAsync(server);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return (string)JsonNode.Parse(await accepted.Content.ReadAsStringAsync(Cancellation))!["id"]!;
    }

    private static async Task<HttpResponseMessage> PostAsync(ServeHost server)
    {
        using var body = new StringContent("""{"conversations": "all"}""", Encoding.UTF8, "application/json");
        return await server.Http.PostAsync(new Uri("/api/exports", UriKind.Relative), body, Cancellation);
    }

    private Task<ServeHost> StartAsync() => ServeHost.StartAsync(
        _time,
        [
            new("Kapso:ApiKey", World.ApiKey),
            new("Kapso:BaseUrl", Sandbox.BaseUrl.ToString()),
            new("Archive:Destination", Lake),
            new("Kapso:AttemptTimeout", "00:10:00"), // By the clock in hand, which runs fast.
            new("Api:RequestsPerMinute", "100000"),
        ]);
}
