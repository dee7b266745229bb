using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace KapsoArchive.Tests.Api;

/// <summary>A client that does not want to poll is called when its export has ended.</summary>
public sealed class CallbackTests : IAsyncLifetime
{
    private const string Url = "https://hooks.example.com/token-0c7e55d1f2?tenant=7";

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(12)];

    private readonly TemporaryFolder _folder = new();
    private readonly List<ApiHost> _hosts = [];
    private readonly ShiftedTime _time = new(TimeProvider.System.GetUtcNow());
    private SandboxServer _sandbox = null!;
    private FolderStore _store = null!;
    private HookReceiver _receiver = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = new FolderStore(_folder.File("store"));
        await _store.PrepareAsync(Cancellation);
        _sandbox = await SandboxServer.StartAsync(ApiTest.World, cancellationToken: Cancellation);
        _receiver = await HookReceiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ApiHost host in _hosts)
            await host.DisposeAsync();
        await _receiver.DisposeAsync();
        await _sandbox.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_receiver_gets_the_status_once_signed_with_the_secret()
    {
        ApiHost host = await HostAsync();
        string id = await AcceptAsync(host);
        _receiver.Calls.ShouldBeEmpty("the export has not ended");

        await host.WorkAsync();
        await ResumeAsync(host);

        (string target, string? signature, string? type, byte[] body) = _receiver.Calls.ShouldHaveSingleItem();
        target.ShouldBe($"POST {Url}");
        type.ShouldBe("application/json");
        JsonElement.Parse(body).GetRawText().ShouldBe(await host.Client.GetStringAsync($"/api/exports/{id}", Cancellation));
        string[] parts = signature.ShouldNotBeNull().Split(',');
        parts[0].ShouldStartWith("t=");
        string seconds = parts[0][2..];
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds)).ShouldBe(_time.GetUtcNow(), TimeSpan.FromMinutes(1));
        parts[1].ShouldBe($"v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ApiTest.CallbackSecret), Encoding.UTF8.GetBytes($"{seconds}.{Encoding.UTF8.GetString(body)}")))}");
        (await PendingAsync()).ShouldBeEmpty();
        host.Problems.ShouldBeEmpty();
        host.Log.Entries.ShouldAllBe(e => !e.Text.Contains("token-0c7e55d1f2") && !e.Text.Contains(ApiTest.CallbackSecret));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task A_receiver_that_does_not_accept_is_called_eight_times_with_growing_pauses(int status)
    {
        _receiver.Status = status;
        ApiHost host = await HostAsync();
        string id = await AcceptAsync(host);
        await host.WorkAsync();
        _receiver.Calls.Count.ShouldBe(1);
        host.Queue.Delay.ShouldBe(Pauses[0]);

        for (int i = 0; i < Pauses.Length; i++)
        {
            _time.Advance(Pauses[i] - TimeSpan.FromSeconds(5));
            await ResumeAsync(host);
            _receiver.Calls.Count.ShouldBe(i + 1, "it is not due yet");
            _time.Advance(TimeSpan.FromSeconds(6));
            await ResumeAsync(host);
            _receiver.Calls.Count.ShouldBe(i + 2);
        }

        _time.Advance(TimeSpan.FromDays(30));
        await ResumeAsync(host);
        _receiver.Calls.Count.ShouldBe(8);
        _receiver.Calls.ShouldAllBe(c => c.Target == $"POST {Url}", "no redirect is followed");
        (await PendingAsync()).ShouldBeEmpty();
        host.Problems.Length.ShouldBe(8);
        host.Problems[^1].ShouldContain($"The callback of export {id} was given up after 8 attempts: the receiver answered {status}.");
    }

    [Fact]
    public async Task A_callback_survives_a_restart()
    {
        ApiHost first = await HostAsync();
        await AcceptAsync(first);
        _receiver.Status = 503;
        await first.WorkAsync();
        _hosts.Remove(first);
        await first.DisposeAsync();
        _receiver.Status = 200;
        _time.Advance(Pauses[0]);

        await ResumeAsync(await HostAsync());

        _receiver.Calls.Count.ShouldBe(2);
        (await PendingAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_calls_without_a_queue()
    {
        ApiHost host = await HostAsync();
        await AcceptAsync(host);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        Task working = host.Services.GetRequiredService<RunWorker>().RunAsync(workers: 1, stop.Token);
        while ((await PendingAsync()).Count > 0)
            await Task.Delay(20, Cancellation);
        await stop.CancelAsync();
        await working;

        _receiver.Calls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Two_workers_at_once_call_once()
    {
        ApiHost host = await HostAsync();
        ApiHost other = await HostAsync();
        _receiver.Status = 500;
        await AcceptAsync(host);
        await host.WorkAsync();
        _time.Advance(Pauses[0]);
        _receiver.Status = 200;

        await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => (Task[])[ResumeAsync(host), ResumeAsync(other)]));

        _receiver.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_cancelled_export_is_reported_too()
    {
        ApiHost host = await HostAsync();
        string id = await AcceptAsync(host);
        (await host.Client.DeleteAsync($"/api/exports/{id}", Cancellation)).Dispose();

        await host.WorkAsync();

        JsonElement.Parse(_receiver.Calls.ShouldHaveSingleItem().Body).GetProperty("status").GetString().ShouldBe("Canceled");
    }

    [Fact]
    public async Task An_address_that_turned_private_since_is_refused()
    {
        ApiHost host = await HostAsync();
        await AcceptAsync(host);
        _receiver.Address = IPAddress.Parse("10.0.0.1");

        await host.WorkAsync();

        _receiver.Calls.ShouldBeEmpty();
        host.Problems.ShouldHaveSingleItem().ShouldContain("its host has an address that is not public");
    }

    [Fact]
    public async Task A_damaged_callback_is_reported_once_and_holds_up_no_other()
    {
        ApiHost host = await HostAsync();
        await AcceptAsync(host);
        string[] damaged = ["{}", "", "null", """{"export_id":"x","url":"https://a.invalid","accepted_at":"2026-01-01T00:00:00Z"}"""];
        for (int i = 0; i < damaged.Length; i++)
            await _store.CreateAsync(new StorePath(StoreArea.State, $"callbacks/2026112{i}T020000Z-1a2b3c4d.json"), Encoding.UTF8.GetBytes(damaged[i]), Cancellation);

        await host.WorkAsync();
        await ResumeAsync(host);

        _receiver.Calls.ShouldHaveSingleItem();
        host.Problems.Length.ShouldBe(damaged.Length);
        host.Problems.ShouldAllBe(p => p.Contains("is damaged, so it was deleted"));
        (await PendingAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_secret_the_field_is_refused_with_the_name_of_the_setting()
    {
        ApiHost host = await HostAsync(secret: "");

        using HttpResponseMessage answer = await PostAsync(host);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("errors").GetProperty("callbackUrl")[0].GetString().ShouldNotBeNull()
            .ShouldContain("Api:CallbackSecret (environment Api__CallbackSecret)");
        (await PendingAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("too-short")]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/callbacks/)")]
    public async Task A_secret_that_can_be_guessed_is_named_to_the_operator(string secret)
    {
        ApiHost host = await HostAsync(secret);

        using HttpResponseMessage answer = await PostAsync(host);
        using HttpResponseMessage ready = await host.Client.GetAsync("/api/health/ready", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Correct Api:CallbackSecret");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        host.Log.Entries.ShouldAllBe(e => !e.Text.Contains(secret));
    }

    private static Task ResumeAsync(ApiHost host) => host.Services.GetRequiredService<RunWorker>().ResumeAsync(Cancellation);

    private static Task<HttpResponseMessage> PostAsync(ApiHost host) => host.Client.PostAsync(
        "/api/exports", new StringContent($$"""{"conversations": "all", "callbackUrl": "{{Url}}"}""", Encoding.UTF8, "application/json"), Cancellation);

    private async Task<ApiHost> HostAsync(string secret = ApiTest.CallbackSecret)
    {
        ApiHost host = await ApiHost.StartAsync(_store, _sandbox.BaseUrl, _time, services: _receiver.Replace, settings: new KeyValuePair<string, string?>("Api:CallbackSecret", secret));
        _hosts.Add(host);
        return host;
    }

    private static async Task<string> AcceptAsync(ApiHost host)
    {
        using HttpResponseMessage answer = await PostAsync(host);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Cancellation));
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("id").GetString()!;
    }

    private async Task<IReadOnlyList<StoredFile>> PendingAsync() => await _store.ListAsync(StoreArea.State, "callbacks/", Cancellation).ToListAsync(Cancellation);
}
