using System.Text;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Verification;

/// <summary>An archive of a source that moves between the runs, in all the ways that leave a trace in the index.</summary>
internal sealed class MovedArchive : IAsyncDisposable
{
    private readonly SandboxServer _sandbox;
    private readonly RunHarness _harness;
    private readonly PartFormat[] _formats;

    private MovedArchive(SandboxServer sandbox, IStore store, PartFormat[] formats)
    {
        (_sandbox, _formats) = (sandbox, formats);
        _harness = new RunHarness(sandbox.BaseUrl, store, new RunLimits { RowGroupRows = 40, PartBytes = 20_000 }, settings: new KeyValuePair<string, string?>("Archive:RemovalGrace", "00:00:00"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<MovedArchive> BeginAsync(IStore store, SandboxOptions options, params PartFormat[] formats) =>
        new(await SandboxServer.StartAsync(options, cancellationToken: Cancellation), store, formats.Length == 0 ? [PartFormat.Parquet, PartFormat.Jsonl] : formats);

    /// <summary>Three runs: one that adds, one after changes, when deletions have waited for a run, and one that finds a little
    /// more.</summary>
    public static async Task<IReadOnlyList<Manifest>> OfThreeRunsAsync(IStore store)
    {
        await using MovedArchive archive = await BeginAsync(store, new SandboxOptions { Conversations = 6, Messages = 120, MalformedShare = 0.03 });
        Manifest first = await archive.RunAsync(full: false);
        archive.Move();
        Manifest second = await archive.RunAsync(full: true);
        archive.Listing(2).InsertNewest();
        Manifest third = await archive.RunAsync(full: true);
        second.Totals.Rows.Added.ShouldBeGreaterThan(0);
        second.Totals.Rows.Changed.ShouldBeGreaterThan(0);
        third.Totals.Rows.Removed.ShouldBeGreaterThan(0);
        return [first, second, third];
    }

    /// <summary>Seven runs, with everything that the fold has to know about.</summary>
    /// <param name="each">Looks at the archive after each run.</param>
    public async Task LiveAsync(Func<Manifest, Task> each)
    {
        MovingListing odd = Listing(3);
        odd.Insert(SandboxMessage.Make("not-a-uuid/1", 1, odd.At(0).CreatedAt.AddMinutes(1)));
        odd.Insert(SandboxMessage.Make("nicht-só-a-uuid-2", 2, odd.At(0).CreatedAt.AddMinutes(2)));
        odd.Insert(SandboxMessage.Make("3C90C3CC-0D44-4B50-8888-8DD25736052A", 3, odd.At(0).CreatedAt.AddMinutes(3)));
        string deep = string.Concat(Enumerable.Repeat("[", 150)) + string.Concat(Enumerable.Repeat("]", 150));
        odd.Insert(new SandboxMessage("deep", odd.At(0).CreatedAt, Encoding.UTF8.GetBytes($"{{\"content\": \"without an id\",\n \"deep\": {deep}}}")) { IsMalformed = true });
        Manifest first = await RunAsync(full: false);
        first.Totals.Rows.Rejected.ShouldBeGreaterThan(0);
        await each(first);

        Move();
        odd.Delete("not-a-uuid/1");
        _sandbox.Listings.RemoveConversation(Id(4));
        _sandbox.Listings.SetOddities(Id(5), new SandboxOddities { TotalCountOffset = 4, MaxOffset = 10 });
        Manifest second = await RunAsync(full: true);
        (second.Totals.Rows.Removed, second.Totals.Conversations.Gone, second.Totals.Conversations.Incomplete).ShouldBe((0, 1, 1));
        await each(second);
        Manifest confirmed = await RunAsync(full: true);
        confirmed.Totals.Rows.Removed.ShouldBeGreaterThan(1);
        await each(confirmed);

        odd.Insert(SandboxMessage.Read("{\"content\":\"another without an id\"}"u8.ToArray(), "another", odd.At(0).CreatedAt));
        await each(await RunAsync(full: false, Id(3), Id(6), Guid.NewGuid().ToString()));

        Manifest failed = second;
        for (int more = 0; more < 40 && failed.Totals.Conversations is not { Failed: > 0, Complete: > 0 }; more++)
        {
            // More and more, until a conversation fails. Eight in a row end a run: the next one goes on from there.
            _sandbox.Faults = new SandboxFaults { InternalError = 0.1 + (more % 15 * 0.02), MaxConsecutive = 100 };
            try
            {
                failed = await RunAsync(full: true, [.. Enumerable.Range(6, 30).Select(Id)]);
            }
            catch (SourceUnavailableException)
            {
                failed = second;
            }
        }

        (failed.Totals.Conversations.Failed, failed.Totals.Conversations.Complete).ShouldSatisfyAllConditions(t => t.Failed.ShouldBeGreaterThan(0), t => t.Complete.ShouldBeGreaterThan(0));
        await each(failed);

        _sandbox.Faults = SandboxFaults.None;
        _sandbox.Listings.SetOddities(Id(5), SandboxOddities.None);
        Listing(6).InsertNewest();
        _sandbox.Listings.AddConversation(
            new SandboxConversation(Guid.NewGuid().ToString(), "+49301234567", null, "active", DateTimeOffset.UtcNow, 0), []);
        await each(await RunAsync(full: true));
        await each(await RunAsync(full: false));
    }

    public Task<Manifest> RunAsync(bool full, params string[] conversations) => _harness.RunAsync(new RunRequest
    {
        Conversations = conversations.Length == 0 ? ConversationSelection.All : ConversationSelection.Listed(conversations.Select(c => (c, "test")), "test"),
        Formats = _formats,
        Trigger = "cli",
        Full = full,
    });

    public MovingListing Listing(int conversation) => _sandbox.Listings.Moving(Id(conversation));

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    public void Move()
    {
        Listing(1).InsertNewest();
        Listing(1).Update(Listing(1).At(Listing(1).Count / 2).Id, "failed");
        Listing(2).Update(Listing(2).At(1).Id, "failed");
        Listing(3).Delete(Listing(3).At(Listing(3).Count - 1).Id);
    }

    private string Id(int conversation) => _sandbox.Data.Conversations[conversation].Id;
}
