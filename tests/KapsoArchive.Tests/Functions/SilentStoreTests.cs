using System.Net;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions;

/// <summary>A store that takes requests and does not answer them.</summary>
public sealed class SilentStoreTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private readonly FunctionsFixture _fixture = fixture;

    [Fact]
    public async Task A_caller_hears_of_a_silent_store_while_the_store_is_still_waited_for()
    {
        await using StorageProxy proxy = await StorageProxy.StartAsync(_fixture.Azurite, Cancellation);
        Settings["Archive__ConnectionString"] = proxy.ConnectionString;
        proxy.Latency = TimeSpan.FromSeconds(20);
        StandInHost host = await StartAsync(o => o with { ListensToQueues = false, FiresStartupTimers = false });
        using HttpClient http = Http(host);
        Task stillWaiting = Task.Delay(proxy.Latency, Cancellation);

        using HttpResponseMessage answer = await http.GetAsync("/api/runs", Cancellation);

        stillWaiting.IsCompleted.ShouldBeFalse();
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }
}
