using System.Globalization;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>
/// Ten nights in the life of an archive: new messages, late changes inside and outside the lookback, deletions, a vanished conversation, new ones, an outage on night 4, a death on night 7.
/// <c>KAPSO_ARCHIVE_SEED</c> sets what happens (1).
/// </summary>
public sealed class TenNightsTests : IDisposable
{
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_SEED") ?? "1", CultureInfo.InvariantCulture);

    private static readonly TimeSpan Night = TimeSpan.FromDays(1);

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(Seed);
    private readonly ShiftedTime _time = new(new DateTimeOffset(2026, 11, 10, 2, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, MovingListing> _moving = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_nights_end_with_what_the_source_has(bool listed)
    {
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"seed {Seed}");
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 60, Messages = 9_000 }, cancellationToken: Cancellation);
        string[] ids = listed ? [.. sandbox.Data.Conversations.Select(c => c.Id)] : [];
        string vanishing = sandbox.Data.Conversations[7].Id;
        var store = new FolderStore(_folder.Path);

        for (int night = 1; night <= 10; night++)
        {
            Change(sandbox, night, vanishing, mayAddConversations: !listed);
            if (night == 2)
                sandbox.Listings.RemoveConversation(vanishing).ShouldBeTrue();
            await SleepAsync(sandbox, store, night, ids, output);
            _time.Advance(Night);
        }

        // The last changes are older than the lookback and are seen when the turn of their conversation comes.
        for (int night = 11; night <= 17; night++)
        {
            await SleepAsync(sandbox, store, night, ids, output);
            _time.Advance(Night);
        }

        (await PresentState.ArchivedAsync(store)).ShouldBe(PresentState.Truth(sandbox, _moving));
        VerificationReport report = await new ArchiveVerification(store, _time).VerifyAsync(new VerificationRequest(RunId: null, RebuildIndex: false), new VerificationTracker(), Cancellation);
        report.Findings.ShouldBeEmpty();
        report.Remarks.ShouldBeEmpty();
        (await PresentState.ManifestsAsync(store)).ShouldContain(m => m.Incomplete.Any(i => i.ConversationId == vanishing && i.Outcome == "gone"));
        (await PresentState.ManifestsAsync(store)).SelectMany(m => m.Incomplete).Count(i => i.ConversationId == vanishing).ShouldBe(1, "told once");
    }

    private async Task SleepAsync(SandboxServer sandbox, IStore store, int night, string[] ids, ITestOutputHelper output)
    {
        IStore tonight = night == 7 ? new FailingStore(store, failAt: 25 + _random.Next(20), recovers: false) : store;
        await using var harness = new RunHarness(sandbox.BaseUrl, tonight, new RunLimits { RowGroupRows = 500, PartBytes = 100_000, EntriesRows = 400 }, time: _time);
        long before = sandbox.RequestCount;
        if (night == 4)
            Early(sandbox).After(0, _ => sandbox.Faults = new SandboxFaults { Outage = SandboxOutage.Error });
        try
        {
            Manifest manifest = await harness.RunAsync(ids);
            night.ShouldNotBeOneOf([4, 7], "something was to go wrong that night");
            RowTotals rows = manifest.Totals.Rows;
            output.WriteLine($"night {night}: {sandbox.RequestCount - before} requests, {manifest.Totals.Sweeps}, +{rows.Added} ~{rows.Changed} -{rows.Removed}, finished first: {harness.Tracker.Resumed.Count}, {manifest.Status}");
            harness.Tracker.IndexRebuilt.ShouldBeNull();
        }
        catch (SourceUnavailableException) when (night == 4)
        {
            output.WriteLine($"night 4: outage after {sandbox.RequestCount - before} requests. {harness.Tracker.Leftovers}");
            sandbox.Faults = SandboxFaults.None;
        }
        catch (Exception e) when (night == 7 && e is StoreException or SettingException)
        {
            output.WriteLine($"night 7: {e.Message}");
        }
    }

    /// <summary>Has many conversations become active, and gives one that tonight's run reads among the first of them.</summary>
    private MovingListing Early(SandboxServer sandbox)
    {
        MovingListing[] active = [.. sandbox.Data.Conversations.Skip(20).Take(30).OrderBy(c => c.Id, StringComparer.Ordinal).Select(c => Move(sandbox, c.Id))];
        foreach (MovingListing listing in active)
            listing.InsertCreatedAt(_time.GetUtcNow().AddHours(-1));
        return active[8];
    }

    private MovingListing Move(SandboxServer sandbox, string id)
    {
        if (!_moving.TryGetValue(id, out MovingListing? listing))
            _moving.Add(id, listing = sandbox.Listings.Moving(id));
        return listing;
    }

    private void Change(SandboxServer sandbox, int night, string vanishing, bool mayAddConversations)
    {
        for (int i = 0; i < 12; i++)
        {
            string id = sandbox.Data.Conversations[_random.Next(1, sandbox.Data.Conversations.Count)].Id;
            if (id == vanishing)
                continue;
            MovingListing listing = Move(sandbox, id);
            DateTimeOffset today = _time.GetUtcNow().AddMinutes(-_random.Next(1, 1_200));
            switch (_random.Next(5))
            {
                case 0 or 1:
                    for (int n = _random.Next(1, 150); n > 0; n--)
                        listing.InsertCreatedAt(today.AddSeconds(-n));
                    break;
                case 2 when listing.Count > 0: // A late status, of a message of any age.
                    listing.Update(listing.At(_random.Next(listing.Count)).Id, $"read-{night}-{i}");
                    break;
                case 3 when listing.Count > 3:
                    listing.Delete(listing.At(_random.Next(listing.Count)).Id);
                    break;
                default: // A history import, and one deleted, which the count alone does not show.
                    listing.InsertCreatedAt(today.AddDays(-_random.Next(20, 200)));
                    if (listing.Count > 3)
                        listing.Delete(listing.At(_random.Next(listing.Count)).Id);
                    break;
            }
        }

        if (mayAddConversations && night % 3 == 0)
        {
            var added = new SandboxConversation(NewId(), "+14155550123", "New", "active", _time.GetUtcNow(), 0);
            _moving.Add(added.Id, sandbox.Listings.AddConversation(added, [SandboxMessage.Make(NewId(), 1, _time.GetUtcNow().AddMinutes(-5))]));
        }
    }

    private string NewId()
    {
        byte[] bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
