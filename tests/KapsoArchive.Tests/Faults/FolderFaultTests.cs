using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Kills;

namespace KapsoArchive.Tests.Faults;

/// <summary>
/// One call of a folder in turn that is carried out and fails all the same, or that breaks off in the middle of what it reads: no run fails that
/// is committed, none reports a commit that did not happen, and the next run is sound.
/// </summary>
public sealed class FolderFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public Task A_night_whose_store_fails_once_reports_whether_it_is_committed(int seed) => StrikeAsync(seed, static (archive, _) => archive.NightAsync());

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public Task An_export_whose_store_fails_once_reports_whether_it_is_committed(int seed) => StrikeAsync(seed, static (archive, _) => archive.ExportAsync());

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public Task A_recovery_whose_store_fails_once_reports_what_is_committed(int seed) => StrikeAsync(seed, static (archive, random) => archive.RecoveryAsync(random));

    private static async Task StrikeAsync(int seed, Func<FaultedArchive, Random, Task<Manifest>> work)
    {
        var random = new Random(seed);
        using var place = new FolderPlace();
        (IStore faulty, FailingCalls calls) = FailingCalls.Of(place.Store);
        await using KillWorld world = await KillWorld.StartAsync(random, longest: 120, Cancellation);
        using var archive = new FaultedArchive(world, place, faulty);
        await archive.BeginAsync();
        calls.FailAt(int.MaxValue);
        await work(archive, random);
        int count = calls.Count;
        count.ShouldBeGreaterThan(25);
        int[] numbers = [.. Enumerable.Range(1, count)];
        random.Shuffle(numbers);
        int failed = 0;
        foreach (int number in numbers.Take(Samples.Count(12, count)))
        {
            HashSet<string> before = await archive.CommittedAsync();
            calls.FailAt(number);
            string? returned = await TryAsync(archive, random, work);
            HashSet<string> added = [.. (await archive.CommittedAsync()).Except(before)];
            string when = $"call {number} of some {count}: {calls.Failed}";
            calls.FailAt(int.MaxValue);
            failed += returned is null ? 1 : 0;
            if (returned is null)
                added.ShouldNotContain(archive.LastRequested ?? "", when);
            else
                added.ShouldContain(returned, when);
            await archive.FinishAsync();
            await archive.CheckAsync(when);
        }

        await archive.EndAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{count} calls without a fault; {failed} runs failed before their commit");
    }

    /// <returns>The run that was reported as committed; null if it failed.</returns>
    private static async Task<string?> TryAsync(FaultedArchive archive, Random random, Func<FaultedArchive, Random, Task<Manifest>> work)
    {
        try
        {
            return (await work(archive, random)).RunId;
        }
        catch (Exception e) when (e is StoreException or SettingException)
        {
            return null;
        }
    }
}
