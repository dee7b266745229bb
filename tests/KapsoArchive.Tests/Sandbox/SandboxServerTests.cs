using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class SandboxServerTests
{
    private static readonly SandboxOptions Smallest = new() { Conversations = 1, Messages = 1, IncludeSamples = false };

    [Fact]
    public async Task It_listens_on_a_free_local_port_by_default()
    {
        await using var anywhere = await SandboxCaller.StartAsync(Smallest);
        anywhere.Server.BaseUrl.ToString().ShouldMatch(@"^http://127\.0\.0\.1:\d+/api/v1/$");
        anywhere.Server.BaseUrl.Port.ShouldNotBe(0);

        var address = anywhere.Server.BaseUrl;
        await anywhere.DisposeAsync();
        await using var there = await SandboxCaller.StartAsync(Smallest with { Url = new Uri(address, "/") });
        there.Server.BaseUrl.ShouldBe(address);
    }

    [Fact]
    public async Task Two_servers_run_side_by_side()
    {
        await using var one = await SandboxCaller.StartAsync(Smallest);
        await using var other = await SandboxCaller.StartAsync(Smallest with { Seed = 2 });

        await one.BytesAsync("whatsapp_conversations");

        one.Server.RequestCount.ShouldBe(1);
        other.Server.RequestCount.ShouldBe(0);
    }

    [Fact]
    public async Task An_address_in_use_fails_the_start()
    {
        await using var first = await SandboxCaller.StartAsync(Smallest);
        await Should.ThrowAsync<IOException>(() => SandboxCaller.StartAsync(Smallest with { Url = new Uri(first.Server.BaseUrl, "/") }));
    }

    [Fact]
    public async Task A_disposed_server_no_longer_listens()
    {
        await using var sandbox = await SandboxCaller.StartAsync(Smallest);
        await sandbox.Server.DisposeAsync();
        await Should.ThrowAsync<HttpRequestException>(() => sandbox.AnswerAsync("whatsapp_conversations"));
    }
}
