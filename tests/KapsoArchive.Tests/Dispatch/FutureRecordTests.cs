using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Journal;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Dispatch;

/// <summary>A run was begun by a clock that was a year ahead, and then the process ended. Its record, which is still to come, keeps no night from
/// beginning.</summary>
public sealed class FutureRecordTests : DispatchTest
{
    private static readonly KeyValuePair<string, string?>[] All = [new("Archive:Conversations", "all")];

    [Fact]
    public async Task A_run_from_the_future_is_continued_before_the_next_night()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        string future;
        await using (var wrong = new RunHarness(sandbox.BaseUrl, Store, time: new ShiftedTime(DateTimeOffset.UtcNow.AddYears(1)), settings: All))
            future = (await wrong.Nightly.StartAsync("timer", Cancellation)).RunId.ShouldNotBeNull();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: All);

        NightlyStart meanwhile = await harness.Nightly.StartAsync("timer", Cancellation);
        await NextAsync(harness);
        NightlyStart next = await harness.Nightly.StartAsync("timer", Cancellation);
        await NextAsync(harness);

        (meanwhile.Outcome, meanwhile.RunId).ShouldBe((NightlyOutcome.Busy, future), "nobody is at work on it, so it is not joined");
        meanwhile.Reason!.ShouldContain("is unfinished. It is being continued");
        next.Outcome.ShouldBe(NightlyOutcome.Begun);
        string.CompareOrdinal(next.RunId, future).ShouldBeGreaterThan(0);
        foreach (string id in (string[])[future, next.RunId!])
            (await new ProgressDocuments(Store).ReadAsync(id, Cancellation))!.Status.ShouldBe(RunStatus.Succeeded);
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
    }
}
