using KapsoArchive.Core.Backups;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Backups;

/// <summary>A sandbox whose conversations move from night to night, and what a backup of an archive of it must hold.</summary>
internal sealed class BackupWorld : IAsyncDisposable
{
    private readonly SandboxServer _sandbox;
    private readonly Dictionary<string, MovingListing> _moving = [];
    private readonly Random _random = new(1);

    private BackupWorld(SandboxServer sandbox, ShiftedTime time) => (_sandbox, Time) = (sandbox, time);

    public ShiftedTime Time { get; }

    /// <summary>What Kapso lists now.</summary>
    public SortedDictionary<string, ulong> Truth => PresentState.Truth(_sandbox, _moving);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<BackupWorld> StartAsync()
    {
        var time = new ShiftedTime(new DateTimeOffset(2026, 11, 10, 2, 0, 0, TimeSpan.Zero));
        return new BackupWorld(await SandboxServer.StartAsync(new SandboxOptions { Conversations = 8, Messages = 400 }, time, Cancellation), time);
    }

    /// <summary>Messages come and change; then the night archives them.</summary>
    public async Task<Manifest> NightAsync(IStore store)
    {
        Time.Advance(TimeSpan.FromDays(1));
        foreach (SandboxConversation conversation in _sandbox.Data.Conversations.Where(_ => _random.Next(3) > 0))
        {
            if (!_moving.TryGetValue(conversation.Id, out MovingListing? listing))
                _moving.Add(conversation.Id, listing = _sandbox.Listings.Moving(conversation.Id));
            for (int added = _random.Next(1, 6); added > 0; added--)
                listing.InsertCreatedAt(Time.GetUtcNow().AddMinutes(-_random.Next(1, 1_200)));
            listing.Update(listing.At(0).Id, $"read-{_random.Next()}");
        }

        return await RunAsync(store);
    }

    public async Task<Manifest> RunAsync(IStore store)
    {
        await using RunHarness harness = Harness(store);
        return await harness.RunAsync();
    }

    public RunHarness Harness(IStore store) =>
        new(_sandbox.BaseUrl, store, time: Time, settings: new KeyValuePair<string, string?>("Archive:Conversations", "all"));

    public Task<BackupReport> BackUpAsync(IStore source, IStore target) =>
        new ArchiveBackup(source, Time).CopyAsync(target, new BackupTracker(), Cancellation);

    public Task<(string Of, string RunId)?> RestoreAsync(IStore store) => new ArchiveBackup(store, Time).TakeOverAsync(Cancellation);

    public Task<VerificationReport> VerifyAsync(IStore store) => new ArchiveVerification(store, Time)
        .VerifyAsync(new VerificationRequest(RunId: null, RebuildIndex: false), new VerificationTracker(), Cancellation);

    /// <summary>The copy is sound, and is byte for byte what the archive was at its last run.</summary>
    public async Task ShouldBeCopyAsync(IStore copy, IStore original, string when = "")
    {
        VerificationReport report = await VerifyAsync(copy);
        report.Findings.ShouldBeEmpty(when);
        report.Remarks.ShouldBeEmpty(when);
        (await DataAsync(copy)).ShouldBe(await DataAsync(original), when);
        foreach (string state in (string[])["latest.json", "index/catalog"])
        {
            var path = new StorePath(StoreArea.State, state);
            (await copy.ReadAsync(path, Cancellation))!.Content.ToArray().ShouldBe((await original.ReadAsync(path, Cancellation))!.Content.ToArray(), $"{state} {when}");
        }
    }

    public static async Task<string[]> RunsAsync(IStore store) => [.. (await PresentState.ManifestsAsync(store)).Select(m => m.RunId)];

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static async Task<List<(string Name, string Bytes)>> DataAsync(IStore store)
    {
        List<(string, string)> files = [];
        await foreach (StoredFile file in store.ListAsync(StoreArea.Data, "", Cancellation))
        {
            await using Stream content = (await store.OpenReadAsync(file.Path, Cancellation))!;
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, Cancellation);
            files.Add((file.Path.Name, Convert.ToHexString(bytes.ToArray())));
        }

        return files;
    }
}
