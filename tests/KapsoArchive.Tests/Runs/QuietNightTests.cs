using System.Globalization;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>
/// What a night costs on which one conversation in a hundred moved. <c>KAPSO_ARCHIVE_CONVERSATIONS</c> sets how many there are (1,500); the figures are printed.
/// </summary>
public sealed class QuietNightTests : IDisposable
{
    private static readonly int Conversations = int.Parse(Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_CONVERSATIONS") ?? "1500", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();
    private readonly ShiftedTime _time = new(new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_night_with_few_changes_costs_few_requests(bool listed)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = Conversations, Messages = Conversations * 40L }, cancellationToken: Cancellation);
        string[] ids = listed ? [.. sandbox.Data.Conversations.Select(c => c.Id)] : [];
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path), time: _time);
        await harness.RunAsync(ids);
        _time.Advance(TimeSpan.FromDays(1));
        int moved = Conversations / 100;
        for (int i = 1; i <= moved; i++)
            sandbox.Listings.Moving(sandbox.Data.Conversations[i * 100 - 1].Id).InsertCreatedAt(_time.GetUtcNow().AddHours(-2));

        Manifest night = await harness.RunAsync(ids);

        SweepTotals sweeps = night.Totals.Sweeps;
        long requests = night.Totals.Requests - sweeps.DuePages;
        double allowed = listed ? 1.05 * (Conversations - sweeps.Due) : 2 * Math.Ceiling(moved / 100.0) + 3 + 1.1 * moved;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{(listed ? "listed" : "discovered")}: {Conversations} conversations, {moved} moved: {requests} requests where {allowed:0.0} are allowed, and {sweeps.DuePages} for {sweeps.Due} full sweeps that were due");
        night.Totals.Rows.Added.ShouldBe(moved);
        night.Status.ShouldBe("Succeeded");
        ((double)requests).ShouldBeLessThanOrEqualTo(allowed);
        sweeps.Due.ShouldBeInRange(Conversations / 14, Conversations / 4, "a seventh is due each night");

        _time.Advance(TimeSpan.FromMinutes(1));
        Manifest quiet = await harness.RunAsync(ids);

        quiet.Totals.Rows.ShouldBe(new RowTotals(0, 0, 0, 0));
        quiet.Files.ShouldHaveSingleItem("nothing changed, so there is no message part").Dataset.ShouldBe("conversations");
    }
}
