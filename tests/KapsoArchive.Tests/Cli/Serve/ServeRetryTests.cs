using System.Net;
using System.Text.Json.Nodes;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>The server's worker, tested from outside: it finds due work in the store, whichever process put it there.</summary>
public sealed class ServeRetryTests : IAsyncLifetime
{
    private static readonly SandboxOptions World = new() { Conversations = 4, Messages = 200 };
    private static readonly SandboxFaults Down = new() { InternalError = 1, MaxConsecutive = int.MaxValue };

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private SandboxServer? _sandbox;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SandboxServer Sandbox => _sandbox!;

    public async ValueTask InitializeAsync() => _sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_export_whose_source_is_down_is_given_up_after_five_attempts()
    {
        Sandbox.Faults = Down;
        await using ServeHost server = await StartAsync();
        string id = await CreateAsync(server);

        JsonNode ended = await EndedAsync(server, id, until: "Failed");

        ((string)ended["error"]!["message"]!).ShouldContain("It was given up after several attempts. The last error:");
        Sandbox.RequestCount.ShouldBe(5);
        string[] attempts = [.. server.Log.Problems.Where(p => p.Contains(id) && p.Contains("attempt "))];
        attempts.Length.ShouldBe(5);
        foreach ((string pause, int i) in ((string[])["00:00:10", "00:01:00", "00:05:00", "00:15:00"]).Select((pause, i) => (pause, i)))
            attempts[i].ShouldContain($"attempt {i + 1} failed; the next is in {pause}.");
        for (int minute = 0; minute < 60; minute++)
            await PassAsync(TimeSpan.FromMinutes(1));
        Sandbox.RequestCount.ShouldBe(5, "no other attempt is made");
    }

    [Fact]
    public async Task Attempts_are_kept_and_the_restarted_server_tries_again()
    {
        Sandbox.Faults = Down;
        string id;
        await using (ServeHost server = await StartAsync())
        {
            id = await CreateAsync(server);
            while (Sandbox.RequestCount < 3)
                await PassAsync(TimeSpan.FromSeconds(5));
        }

        Sandbox.Faults = SandboxFaults.None;
        await using ServeHost next = await StartAsync();

        (await EndedAsync(next, id, until: "Succeeded"))["error"].ShouldBeNull();
    }

    [Fact]
    public async Task Work_that_another_process_accepted_is_found_within_seconds()
    {
        await using ServeHost accepting = await StartAsync();
        Sandbox.Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.5, MaxConsecutive = int.MaxValue };
        string id = await CreateAsync(accepting);
        await accepting.DisposeAsync(); // It stops in the middle.
        Sandbox.Faults = SandboxFaults.None;
        await using ServeHost other = await StartAsync();

        await EndedAsync(other, id, until: "Succeeded");
    }

    private async Task<JsonNode> EndedAsync(ServeHost server, string id, string until)
    {
        while (true)
        {
            JsonNode status = JsonNode.Parse(await server.Http.GetStringAsync(new Uri($"/api/exports/{id}", UriKind.Relative), Cancellation))!;
            if ((string)status["status"]! == until)
                return status;
            ((string)status["status"]!).ShouldBeOneOf("NotStarted", "Running");
            await PassAsync(TimeSpan.FromSeconds(5));
        }
    }

    private async Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        await Task.Delay(10, Cancellation);
    }

    private static async Task<string> CreateAsync(ServeHost server)
    {
        (HttpStatusCode status, JsonNode body, _) = await new ExportCaller(server.Http).CreateAsync(new { conversations = "all" });
        status.ShouldBe(HttpStatusCode.Accepted);
        return (string)body["id"]!;
    }

    private Task<ServeHost> StartAsync() => ServeHost.StartAsync(
        _time,
        [
            new("Kapso:ApiKey", World.ApiKey),
            new("Kapso:BaseUrl", Sandbox.BaseUrl.ToString()),
            new("Kapso:MaxRetries", "0"),
            new("Archive:Destination", _folder.Path),
            new("Kapso:AttemptTimeout", "00:10:00"), // By the clock in hand, which runs fast.
            new("Api:RequestsPerMinute", "100000"),
        ]);
}
