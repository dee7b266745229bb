using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>An export of the archive and of Kapso together has exactly what the two have: for random archives of several nights with edits and removals, and random states of the source, also when
/// its program dies and another goes on.</summary>
public sealed class BothSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ShiftedTime _time = Begin();
    private readonly Dictionary<string, MovingListing> _moving = [];
    private readonly HashSet<string> _gone = [];

    public static TheoryData<int> Seeds => Samples.Seeds;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    private static ShiftedTime Begin() => new(new DateTimeOffset(2026, 11, 10, 2, 0, 0, TimeSpan.Zero));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task An_export_of_both_sources_is_their_union(int seed)
    {
        int wanted = Samples.Count(1, 20);
        for (int i = 0; wanted > 0; i++)
        {
            i.ShouldBeLessThan(200, "most archives have edited and removed messages");
            _gone.Clear();
            _moving.Clear();
            _time = Begin();
            var random = new Random(seed + i);
            await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 9, Messages = 300, Seed = random.Next(1, 1_000) }, cancellationToken: Cancellation);
            var store = new FolderStore(_folder.File($"lake-{i}"));
            await ArchiveAsync(sandbox, store, random);
            IReadOnlyList<Row> archived = await RowsAsync(store, StoreArea.Data, await PresentState.ManifestsAsync(store), m => m.RunId);
            if (!archived.Any(r => r.Change == Change.Removed) || !archived.Any(r => r.Change == Change.Changed))
                continue;
            wanted--;
            SortedDictionary<string, ulong> now = Now(sandbox);
            ILookup<string, Row> log = archived.OrderBy(r => r.Run, StringComparer.Ordinal).ToLookup(r => r.Key);

            foreach (ExportChoice choice in (ExportChoice[])
            [
                new() { Source = ExportSource.Both }, new() { Source = ExportSource.Both, AllVersions = true },
                new() { Source = ExportSource.Archive }, new() { Source = ExportSource.Archive, AllVersions = true },
            ])
            {
                (Manifest manifest, IReadOnlyList<Row> exported) = await ExportAsync(sandbox, store, choice, random);
                string[] expected = [.. Expected(choice, log, choice.Source == ExportSource.Both ? now : []).Order(StringComparer.Ordinal)];
                exported.Select(r => r.ToString(choice.AllVersions)).Order(StringComparer.Ordinal).ShouldBe(expected, ignoreOrder: false, $"seed {seed + i}, {choice.Source}, all versions {choice.AllVersions}");
                manifest.Totals.Rows.Added.ShouldBe(exported.Count(r => r.Change == Change.Added));
                (manifest.Totals.Rows.Changed, manifest.Totals.Rows.Removed).ShouldBe((exported.Count(r => r.Change == Change.Changed), exported.Count(r => r.Change == Change.Removed)));
                (_, VerificationReport verified) = await new ExportVerification(store, _time).VerifyAsync(manifest.RunId, new VerificationTracker(), Cancellation);
                verified.Findings.ShouldBeEmpty();
                Says(manifest, choice.Source);
            }
        }
    }

    /// <summary>The rows that an export must have: one for each message that either has, with the source's state first; or the whole log of the archive, and what the source has beyond it.</summary>
    private static IEnumerable<string> Expected(ExportChoice choice, ILookup<string, Row> log, SortedDictionary<string, ulong> now)
    {
        foreach (string key in log.Select(g => g.Key).Union(now.Keys))
        {
            Row[] versions = [.. log[key]];
            Row? newest = versions is [.., { Change: not Change.Removed } last] ? last : null;
            bool isListed = now.TryGetValue(key, out ulong listed);
            if (choice.AllVersions)
            {
                foreach (Row version in versions)
                    yield return version.ToString(withChange: true);
                if (isListed && newest?.Fingerprint != listed)
                    yield return new Row(key, listed, newest is null ? Change.Added : Change.Changed, "export").ToString(withChange: true);
            }
            else if (isListed || newest is not null)
            {
                yield return new Row(key, isListed ? listed : newest!.Fingerprint, Change.Added, "export").ToString(withChange: false);
            }
        }
    }

    /// <summary>Each conversation has one statement, and none from the archive alone lacks its time.</summary>
    private void Says(Manifest manifest, ExportSource source)
    {
        string[] said = [.. manifest.Provenance!.SelectMany(p => p.Conversations!)];
        said.ShouldBeUnique();
        said.Length.ShouldBe((int)(manifest.Totals.Conversations.Complete + manifest.Totals.Conversations.Incomplete + manifest.Totals.Conversations.Gone));
        manifest.Provenance!.ShouldAllBe(p => p.AsOf != null);
        if (source == ExportSource.Archive)
            manifest.Provenance!.ShouldAllBe(p => p.Source == "archive");
        else
            said.Where(id => _gone.Contains(id)).ShouldAllBe(id => manifest.Provenance!.Single(p => p.Conversations!.Contains(id)).Source == "archive");
    }

    /// <summary>Three nights with changes between them, far enough apart for removals, and changes that no night saw.</summary>
    private async Task ArchiveAsync(SandboxServer sandbox, FolderStore store, Random random)
    {
        for (int night = 0; night < 3; night++)
        {
            await using (var harness = new RunHarness(sandbox.BaseUrl, store, Limits(random), time: _time))
                await harness.RunAsync(full: true, Cancellation);
            _time.Advance(TimeSpan.FromDays(4));
            Move(sandbox, random, isLast: night == 2);
        }
    }

    private void Move(SandboxServer sandbox, Random random, bool isLast)
    {
        foreach (SandboxConversation conversation in sandbox.Data.Conversations.Where(c => !_gone.Contains(c.Id)).OrderBy(_ => random.Next()).Take(5))
        {
            if (isLast && random.Next(4) == 0)
            {
                sandbox.Listings.RemoveConversation(conversation.Id).ShouldBeTrue();
                _gone.Add(conversation.Id);
                continue;
            }

            MovingListing listing = _moving[conversation.Id] = sandbox.Listings.Moving(conversation.Id);
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                if (random.Next(3) == 0 || listing.Count < 8)
                    listing.InsertNewest();
                else if (random.Next(2) == 0)
                    listing.Update(listing.At(random.Next(listing.Count)).Id, random.Next(2) == 0 ? "read" : "failed");
                else
                    listing.Delete(listing.At(random.Next(listing.Count)).Id); // A few at a time: many are not believed.
            }
        }
    }

    private SortedDictionary<string, ulong> Now(SandboxServer sandbox)
    {
        SortedDictionary<string, ulong> now = PresentState.Truth(sandbox, _moving);
        foreach (string key in now.Keys.Where(k => _gone.Contains(k.Split(' ')[0])).ToList())
            now.Remove(key);
        return now;
    }

    /// <summary>Exports as a worker does, which dies twice at a random call to the store.</summary>
    private async Task<(Manifest Manifest, IReadOnlyList<Row> Rows)> ExportAsync(SandboxServer sandbox, FolderStore store, ExportChoice choice, Random random)
    {
        string id;
        RunLimits limits = Limits(random);
        await using (var begins = new RunHarness(sandbox.BaseUrl, store, limits, time: _time))
            id = (await begins.Exports.CreateAsync(new RunRequest { Kind = RunKind.Export, Conversations = ConversationSelection.All, Formats = [PartFormat.Parquet], Trigger = "http", Choice = choice }, null, Cancellation)).RunId;
        for (int death = 0; death < 2; death++)
        {
            await using var dying = new RunHarness(sandbox.BaseUrl, new FailingStore(store, failAt: random.Next(20, 250), recovers: false), limits, time: _time);
            await Should.NotThrowAsync(async () =>
            {
                try
                {
                    await dying.Worker.HandleAsync(new RunMessage(id, RunKind.Export), Cancellation);
                }
                catch (StoreException)
                {
                    // It is dead.
                }
            });
            _time.Advance(TimeSpan.FromMinutes(20)); // The next attempt is due.
        }

        await using var harness = new RunHarness(sandbox.BaseUrl, store, limits, time: _time);
        await harness.Worker.ResumeAsync(Cancellation);
        while (await harness.Exports.FindAsync(id, Cancellation) is { HasEnded: false } record)
        {
            harness.Wakes.TryTake(out RunMessage? message).ShouldBeTrue($"{record.Status}: {record.Error}");
            await harness.Worker.HandleAsync(message!.ToJson(), Cancellation);
        }

        Manifest manifest = (await harness.Exports.ManifestAsync(id, Cancellation)).ShouldNotBeNull();
        manifest.Status.ShouldBe("Succeeded");
        return (manifest, await RowsAsync(store, StoreArea.Exports, [manifest], m => m.RunId, $"{id}/"));
    }

    private static async Task<IReadOnlyList<Row>> RowsAsync(FolderStore store, StoreArea area, IEnumerable<Manifest> manifests, Func<Manifest, string> runOf, string folder = "")
    {
        List<Row> rows = [];
        foreach (Manifest manifest in manifests)
        {
            foreach (ManifestFile file in manifest.Files.Where(f => f.Dataset == Datasets.Messages.Name))
            {
                await using Stream part = (await store.OpenReadAsync(new StorePath(area, folder + file.Path), Cancellation)).ShouldNotBeNull(file.Path);
                await foreach (IReadOnlyList<MessageRow> batch in PartReader.ReadAsync(PartFormat.Parquet, part, Cancellation))
                    rows.AddRange(batch.Select(r => new Row($"{r.ConversationId} {r.Id}", r.Change == Change.Removed ? 0 : Fingerprint.Of(r), r.Change, r.Run.RunId == runOf(manifest) && area == StoreArea.Exports ? "export" : r.Run.RunId)));
            }
        }

        return rows;
    }

    private static RunLimits Limits(Random random) => new() { RowGroupRows = random.Next(20, 200), PartBytes = random.Next(10_000, 60_000), EntriesRows = random.Next(20, 200) };

    private sealed record Row(string Key, ulong Fingerprint, Change Change, string Run)
    {
        public string ToString(bool withChange) => withChange ? $"{Key} {Fingerprint:x} {Change} {Run}" : $"{Key} {Fingerprint:x}";
    }
}
