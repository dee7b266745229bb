using KapsoArchive.FunctionsHost;

namespace KapsoArchive.Tests.Functions;

/// <summary>The tries of the nightly timer, which the platform does not repeat by itself.</summary>
public sealed class RetryTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    [Fact]
    public async Task A_night_without_an_answering_store_is_retried_for_fifteen_minutes()
    {
        await LoseStoreAsync();
        StandInHost host = await StartAsync(o => o with { FiresStartupTimers = false });

        InvocationOutcome outcome = await host.FireTimerAsync("NightlyArchive");

        outcome.Error.ShouldNotBeNull().ShouldContain("StoreException");
        host.Waits.Of(WaitKind.Retry).ShouldBe(Enumerable.Repeat(TimeSpan.FromMinutes(1), 15));
    }
}
