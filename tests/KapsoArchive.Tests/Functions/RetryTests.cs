using KapsoArchive.FunctionsHost;

namespace KapsoArchive.Tests.Functions;

/// <summary>The tries of the nightly timer, which the platform does not repeat by itself.</summary>
public sealed class RetryTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    [Fact]
    public async Task A_night_whose_store_does_not_answer_is_tried_for_a_quarter_of_an_hour()
    {
        await LoseStoreAsync();
        StandInHost host = await StartAsync(o => o with { FiresStartupTimers = false });

        InvocationOutcome outcome = await host.FireTimerAsync("NightlyArchive");

        outcome.Error.ShouldNotBeNull().ShouldContain("StoreException");
        host.Waits.Of(WaitKind.Retry).ShouldBe(Enumerable.Repeat(TimeSpan.FromMinutes(1), 15));
    }
}
